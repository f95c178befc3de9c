#pragma once

#include <asyncio/base/error.hpp>
#include <asyncio/detail/base/intrusive.hpp>
#include <asyncio/detail/sync/shared_state.hpp>
#include <exception>
#include <utility>

namespace asyncio {

/// Holds a lock, or a permit of a semaphore, and releases it when it goes out of scope; what
/// scoped() gives, as `Lock::Guard` and so on.
///
/// Thread:   its loop's thread only.
/// Lifetime: may outlive what it holds.
/// Python:   the block of an `async with`.
template <class State>
class [[nodiscard("it releases when it is dropped")]] Guard {
 public:
  /// @cond detail
  /// Takes over a hold that the caller has.
  explicit Guard(detail::Ref<State> held) noexcept : held_(std::move(held)) {}
  /// @endcond
  /// Takes over what the other one holds.
  Guard(Guard&&) noexcept = default;
  /// The same, after a release of what it holds itself.
  Guard& operator=(Guard&& other) noexcept {
    if (this != &other) {
      drop();
      held_ = std::move(other.held_);
    }
    return *this;
  }
  /// Releases what it still holds. Where that is an error, because somebody else has released
  /// it, the running loop's exception handler hears of it.
  ~Guard() { drop(); }

  /// Releases before the end of the scope.
  ///
  /// Throws:   what release() of the lock or semaphore throws; RuntimeError if it holds nothing.
  void release() {
    if (!held_) throw RuntimeError("the guard has released already");
    std::exchange(held_, {})->release_hold();
  }

  /// False when it has released, or has been moved from.
  [[nodiscard]] bool holds() const noexcept { return static_cast<bool>(held_); }

 private:
  void drop() noexcept {
    if (!held_) return;
    try {
      release();
    } catch (...) {
      detail::report_failed_release(std::current_exception());
    }
  }

  detail::Ref<State> held_;
};

}  // namespace asyncio
