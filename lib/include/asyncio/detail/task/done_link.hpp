#pragma once

#include <asyncio/detail/base/frame_pool.hpp>
#include <asyncio/detail/base/intrusive.hpp>
#include <asyncio/detail/loop/runnable.hpp>
#include <asyncio/detail/task/future_state.hpp>
#include <memory>
#include <utility>

namespace asyncio::detail {

class DoneLink;

/// Hears of the ends of futures: gather(), wait(), as_completed(), shield() and TaskGroup.
class DoneListener {
 public:
  /// `link`'s future is done. Called once per link, in the turn after the future's end, in the
  /// link's place among the future's callbacks. It may drop the link.
  virtual void future_done(DoneLink& link) noexcept = 0;

 protected:
  ~DoneListener() = default;
};

/// The link between one future and its listener: an entry of the future's callbacks, and a share
/// of the future.
///
/// It belongs to the listener. One that was made with `new` may be dropped at any time, by a
/// DoneLinkPtr or drop(): if it is in the ready queue then, it stays there without effect, and
/// deletes itself in its turn. The listener of any other link outlives the link's turn.
class DoneLink : public Runnable, public FramePooled {
 public:
  DoneLink() = default;
  explicit DoneLink(Ref<FutureBase> future) noexcept : future_(std::move(future)) {}
  virtual ~DoneLink() = default;

  /// Makes `listener` hear of the future's end, also if that has come already.
  void listen(DoneListener& listener) noexcept {
    listener_ = &listener;
    future_->add_callback(static_cast<Runnable&>(*this));
  }
  /// Takes a share of `future`.
  ///
  /// REQUIRES: !is_listening().
  void set_future(Ref<FutureBase> future) noexcept { future_ = std::move(future); }
  /// Whether the listener has still to be told.
  [[nodiscard]] bool is_listening() const noexcept { return listener_ != nullptr; }
  [[nodiscard]] FutureBase& future() const noexcept { return *future_; }
  /// Gives up its share of the future.
  ///
  /// REQUIRES: !is_listening().
  [[nodiscard]] Ref<FutureBase> take_future() noexcept { return std::move(future_); }

  void run() noexcept final;
  void discard() noexcept final;

  /// Stops listening; does nothing if it does not listen. Returns false if the link is in the ready
  /// queue.
  bool stop() noexcept;
  /// Ends `link`, made with `new`, whatever its state.
  static void drop(DoneLink* link) noexcept;

 private:
  DoneListener* listener_ = nullptr;  // null before listen(), once told, and once dropped
  Ref<FutureBase> future_;
};

struct DropDoneLink {
  void operator()(DoneLink* link) const noexcept { DoneLink::drop(link); }
};
using DoneLinkPtr = std::unique_ptr<DoneLink, DropDoneLink>;

}  // namespace asyncio::detail
