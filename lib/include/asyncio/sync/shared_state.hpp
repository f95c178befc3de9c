#pragma once

#include <asyncio/base/frame_pool.hpp>
#include <asyncio/base/intrusive.hpp>
#include <asyncio/loop/event_loop.hpp>
#include <asyncio/task/coroutine.hpp>
#include <asyncio/task/task_state.hpp>
#include <asyncio/task/waiter.hpp>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

// What all primitives have in common. Users need not read it.

namespace asyncio::detail {

/// Counts its owners, for Ref: the primitive, who waits on it, and the guards that hold it. So
/// a primitive may end before they do: one that lives in main, which run() ends first.
template <class State>
class Shared : public FramePooled {
 public:
  void add_ref() noexcept { ++references_; }
  void release() noexcept {
    if (--references_ == 0) delete static_cast<State*>(this);
  }

 private:
  friend State;
  Shared() = default;
  Shared(const Shared&) = delete;
  Shared& operator=(const Shared&) = delete;
  ~Shared() = default;

  std::uint32_t references_ = 0;
};

/// Throws the RuntimeError of `primitive`, its text form, for a wait on a second loop.
[[noreturn]] void throw_bound_elsewhere(const std::string& primitive);

/// The loop on which somebody has waited first: the only one on which anybody may.
class LoopBound {
 public:
  /// Throws:   RuntimeError, naming `primitive`, for another loop than the first.
  template <class State>
  void check(EventLoop& loop, const State& primitive) {
    if (!anchor_) anchor_ = loop.anchor();
    if (anchor_.get() != loop.anchor().get()) throw_bound_elsewhere(primitive.text());
  }

  /// Lets `leaf` wait for `primitive`, as the last one in `line`.
  ///
  /// Throws:   as check().
  template <class State, class Line>
  void wait_in(Line& line, Waiter& waiter, PromiseBase& leaf, const State& primitive) {
    check(*leaf.task()->loop(), primitive);
    line.join(waiter);
    waiter.suspend(leaf);
  }

 private:
  Ref<LoopAnchor> anchor_;
};

/// A text form: "<Lock [locked, waiters:2]>".
[[nodiscard]] std::string print_state(std::string_view name, std::string_view state,
                                      std::size_t waiters);

}  // namespace asyncio::detail
