#pragma once

#include <asyncio/base/time.hpp>
#include <asyncio/detail/base/intrusive.hpp>
#include <asyncio/detail/loop/callback.hpp>
#include <string>
#include <utility>

namespace asyncio {

/// A scheduled callback, as call_soon() returns it. Dropping it leaves the callback scheduled.
///
/// Thread:   its loop's thread only.
/// Lifetime: may outlive the loop.
/// Python:   asyncio.Handle.
class Handle {
 public:
  /// Stands for no callback.
  Handle() = default;
  /// @cond detail
  explicit Handle(detail::Ref<detail::Callback> callback) noexcept
      : callback_(std::move(callback)) {}
  /// @endcond

  /// Prevents the call, if it has not begun, and destroys the callable; else does nothing.
  void cancel() noexcept {
    if (callback_) callback_->cancel();
  }
  /// Whether cancel() has been called.
  [[nodiscard]] bool cancelled() const noexcept { return callback_ && callback_->cancelled(); }

  /// "<Handle main()::{lambda()#1}>", "<Handle cancelled>".
  friend std::string to_string(const Handle& handle) { return handle.describe("<Handle"); }

 protected:
  /// @cond detail
  [[nodiscard]] std::string describe(std::string text) const;

  detail::Ref<detail::Callback> callback_;
  /// @endcond
};

/// A callback scheduled for a time, as call_later() and call_at() return it.
///
/// Thread:   its loop's thread only.
/// Python:   asyncio.TimerHandle.
class TimerHandle : public Handle {
 public:
  using Handle::Handle;  ///< as a Handle

  /// The loop's time at which it is due.
  [[nodiscard]] TimePoint when() const noexcept {
    return callback_ ? callback_->when() : TimePoint{};
  }

  /// "<TimerHandle when=1.5 main()::{lambda()#1}>".
  friend std::string to_string(const TimerHandle& handle);
};

}  // namespace asyncio
