#pragma once

#include <asyncio/base/error.hpp>
#include <asyncio/detail/base/intrusive.hpp>
#include <asyncio/detail/sync/shared_state.hpp>
#include <exception>
#include <utility>

namespace asyncio {

/// The owner of a lock or of a semaphore's permit, which it releases at the end of its scope. The
/// classes that have scoped() name it `Lock::Guard`, `Semaphore::Guard` and so on.
///
/// Thread:   its loop's thread only.
/// Lifetime: may outlive the lock or semaphore.
/// Python:   the block of an `async with`.
template <class State>
class [[nodiscard("it releases when it is dropped")]] Guard {
 public:
  /// @cond detail
  /// Takes over the lock or permit that the caller holds.
  explicit Guard(detail::Ref<State> held) noexcept : held_(std::move(held)) {}
  /// @endcond
  /// Takes over the lock or permit of the other guard.
  Guard(Guard&&) noexcept = default;
  /// Releases its own lock or permit and takes over that of the other guard.
  Guard& operator=(Guard&& other) noexcept {
    if (this != &other) {
      drop();
      held_ = std::move(other.held_);
    }
    return *this;
  }
  /// Releases the lock or permit, unless release() has done so. If other code has released it
  /// already, the running loop's exception handler gets a report.
  ~Guard() { drop(); }

  /// Releases the lock or permit before the end of the scope.
  ///
  /// Throws:   RuntimeError if the guard holds nothing; else like release() of the lock or
  ///           semaphore.
  void release() {
    if (!held_) throw RuntimeError("the guard has released already");
    std::exchange(held_, {})->release_hold();
  }

  /// Returns whether the guard holds a lock or permit: false after release() and after a move from
  /// it.
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
