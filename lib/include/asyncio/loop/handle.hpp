#pragma once

#include <asyncio/base/time.hpp>
#include <asyncio/detail/base/intrusive.hpp>
#include <asyncio/detail/loop/callback.hpp>
#include <string>
#include <utility>

namespace asyncio {

/// A handle to a callback scheduled with call_soon(). Dropping it leaves the callback scheduled.
///
/// Thread:   its loop's thread only.
/// Lifetime: may outlive the loop.
/// Python:   asyncio.Handle.
class Handle {
 public:
  /// Creates a handle to no callback.
  Handle() = default;
  /// @cond detail
  explicit Handle(detail::Ref<detail::Callback> callback) noexcept
      : callback_(std::move(callback)) {}
  /// @endcond

  /// Prevents the call and destroys the callable. Does nothing if the call has begun.
  void cancel() noexcept {
    if (callback_) callback_->cancel();
  }
  /// Returns whether cancel() has been called.
  [[nodiscard]] bool cancelled() const noexcept { return callback_ && callback_->cancelled(); }

  /// Formats the state: "<Handle main()::{lambda()#1}>", "<Handle cancelled>".
  friend std::string to_string(const Handle& handle) { return handle.describe("<Handle"); }

 protected:
  /// @cond detail
  [[nodiscard]] std::string describe(std::string text) const;

  detail::Ref<detail::Callback> callback_;
  /// @endcond
};

/// A handle to a callback scheduled with call_later() or call_at().
///
/// Thread:   its loop's thread only.
/// Python:   asyncio.TimerHandle.
class TimerHandle : public Handle {
 public:
  using Handle::Handle;  ///< the constructors of Handle

  /// Returns the time on the loop's clock at which the callback is due.
  [[nodiscard]] TimePoint when() const noexcept {
    return callback_ ? callback_->when() : TimePoint{};
  }

  /// Formats the state: "<TimerHandle when=1.5 main()::{lambda()#1}>".
  friend std::string to_string(const TimerHandle& handle);
};

}  // namespace asyncio
