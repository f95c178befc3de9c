#pragma once

#include <asyncio/detail/base/frame_pool.hpp>
#include <asyncio/detail/base/intrusive.hpp>
#include <asyncio/detail/loop/runnable.hpp>
#include <asyncio/detail/task/future_state.hpp>
#include <memory>
#include <utility>

namespace asyncio::detail {

class DoneLink;

/// The base of gather(), wait(), as_completed(), shield() and TaskGroup, which listen for the ends
/// of futures.
class DoneListener {
 public:
  /// Handles the end of `link`'s future. Called once per link, in the turn after that end, at the
  /// link's position among the future's callbacks. It may drop the link.
  virtual void future_done(DoneLink& link) noexcept = 0;

 protected:
  ~DoneListener() = default;
};

/// A link between a future and its listener. It is an entry among the future's callbacks and holds
/// a reference to the future.
///
/// The link belongs to the listener. A link created with `new` can be dropped at any time, by a
/// DoneLinkPtr or drop(). If it is in the ready queue by then, it stays there without effect and
/// deletes itself in its turn. The listener of any other link must outlive the link's turn.
class DoneLink : public Runnable, public FramePooled {
 public:
  DoneLink() = default;
  explicit DoneLink(Ref<FutureBase> future) noexcept : future_(std::move(future)) {}
  virtual ~DoneLink() = default;

  /// Reports the end of the future to `listener`, even if it is done already.
  void listen(DoneListener& listener) noexcept {
    listener_ = &listener;
    future_->add_callback(static_cast<Runnable&>(*this));
  }
  /// Sets the future and keeps a reference to it.
  ///
  /// REQUIRES: !is_listening().
  void set_future(Ref<FutureBase> future) noexcept { future_ = std::move(future); }
  /// Returns whether the end of the future still has to be reported.
  [[nodiscard]] bool is_listening() const noexcept { return listener_ != nullptr; }
  [[nodiscard]] FutureBase& future() const noexcept { return *future_; }
  /// Gives up the reference to the future.
  ///
  /// REQUIRES: !is_listening().
  [[nodiscard]] Ref<FutureBase> take_future() noexcept { return std::move(future_); }

  void run() noexcept final;
  void discard() noexcept final;

  /// Stops listening. Does nothing if the link is not listening. Returns false if the link is in
  /// the ready queue.
  bool stop() noexcept;
  /// Drops `link`, which was created with `new`, in any state.
  static void drop(DoneLink* link) noexcept;

 private:
  DoneListener* listener_ = nullptr;  // null before listen(), after the report, and once dropped
  Ref<FutureBase> future_;
};

struct DropDoneLink {
  void operator()(DoneLink* link) const noexcept { DoneLink::drop(link); }
};
using DoneLinkPtr = std::unique_ptr<DoneLink, DropDoneLink>;

}  // namespace asyncio::detail
