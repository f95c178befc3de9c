#pragma once

#include <asyncio/detail/loop/callback.hpp>
#include <asyncio/detail/loop/wakeup.hpp>
#include <memory>
#include <utility>

namespace asyncio {

/// A way for other threads to reach a loop. While one lives, the loop waits for what may come
/// through it; all may outlive the loop.
///
/// Thread:   any.
/// Cost:     a copy is an atomic increment; dropping the last one off the loop's thread wakes it.
/// Python:   no counterpart: there, other threads hold the loop itself.
class LoopHandle {
 public:
  /// @cond detail
  explicit LoopHandle(std::shared_ptr<detail::Wakeup> wakeup) noexcept
      : wakeup_(std::move(wakeup)) {
    wakeup_->add_sender();
  }
  /// @endcond
  /// Reaches the same loop.
  LoopHandle(const LoopHandle& other) noexcept : LoopHandle(other.wakeup_) {}
  /// The same.
  LoopHandle& operator=(const LoopHandle& other) noexcept {
    LoopHandle copy(other);
    std::swap(wakeup_, copy.wakeup_);
    return *this;
  }
  ~LoopHandle() { wakeup_->remove_sender(); }

  /// Runs `function(args...)` on the loop, in the turn after it is seen there.
  ///
  /// Throws:   RuntimeError when the loop is closed.
  /// Cost:     an allocation; one system call if the loop sleeps.
  template <class F, class... Args>
    requires detail::CallableNow<F, Args...>
  void call_soon_threadsafe(F&& function, Args&&... args) const {
    detail::post_callback(wakeup_->posts(), std::forward<F>(function), std::forward<Args>(args)...);
  }

  /// Whether the loop takes nothing any more; it may be so the moment after the answer no.
  [[nodiscard]] bool is_closed() const noexcept { return wakeup_->posts().closed(); }

  /// @cond detail
  [[nodiscard]] const std::shared_ptr<detail::Wakeup>& wakeup() const noexcept {
    return wakeup_;
  }
  /// @endcond

 private:
  std::shared_ptr<detail::Wakeup> wakeup_;
};

}  // namespace asyncio
