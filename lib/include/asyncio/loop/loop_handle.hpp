#pragma once

#include <asyncio/detail/loop/callback.hpp>
#include <asyncio/detail/loop/wakeup.hpp>
#include <memory>
#include <utility>

namespace asyncio {

/// A handle through which other threads reach a loop. While a handle exists, the loop waits for
/// posts and reports no deadlock. Handles may outlive the loop.
///
/// Thread:   any.
/// Cost:     a copy is an atomic increment; dropping the last handle wakes the loop, except on the
///           loop's thread.
/// Python:   no counterpart: there, other threads use the loop itself.
class LoopHandle {
 public:
  /// @cond detail
  explicit LoopHandle(std::shared_ptr<detail::Wakeup> wakeup) noexcept
      : wakeup_(std::move(wakeup)) {
    wakeup_->add_sender();
  }
  /// @endcond
  /// Creates another handle to the loop of `other`.
  LoopHandle(const LoopHandle& other) noexcept : LoopHandle(other.wakeup_) {}
  /// Makes this a handle to the loop of `other`.
  LoopHandle& operator=(const LoopHandle& other) noexcept {
    LoopHandle copy(other);
    std::swap(wakeup_, copy.wakeup_);
    return *this;
  }
  /// Drops the handle. If it is the last one and this is not the loop's thread, wakes the loop,
  /// which can then report a deadlock.
  ~LoopHandle() { wakeup_->remove_sender(); }

  /// Calls `function(args...)` on the loop's thread, in the turn after the loop has seen the post.
  ///
  /// Throws:   RuntimeError if the loop is closed.
  /// Cost:     one allocation; one system call if the loop is asleep.
  template <class F, class... Args>
    requires detail::CallableNow<F, Args...>
  void call_soon_threadsafe(F&& function, Args&&... args) const {
    detail::post_callback(wakeup_->posts(), std::forward<F>(function), std::forward<Args>(args)...);
  }

  /// Returns whether the loop is closed. If not, it may still close at any moment.
  [[nodiscard]] bool is_closed() const noexcept { return wakeup_->posts().closed(); }

  /// @cond detail
  [[nodiscard]] const std::shared_ptr<detail::Wakeup>& wakeup() const noexcept { return wakeup_; }
  /// @endcond

 private:
  std::shared_ptr<detail::Wakeup> wakeup_;
};

}  // namespace asyncio
