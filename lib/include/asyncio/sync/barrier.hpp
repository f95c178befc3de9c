#pragma once

#include <asyncio/base/error.hpp>
#include <asyncio/detail/base/intrusive.hpp>
#include <asyncio/task/coroutine.hpp>
#include <cstddef>
#include <string>

namespace asyncio {

namespace detail {
class BarrierState;
}

/// The error thrown by Barrier::wait() if the barrier has been aborted, or is reset during the
/// wait.
///
/// Python:   asyncio.BrokenBarrierError.
class BrokenBarrierError : public RuntimeError {
  using RuntimeError::RuntimeError;
};

/// A meeting point for `parties` tasks. It holds tasks back until the last one has arrived, then
/// lets them all through. It can be used again and again.
///
/// Thread:   its loop's thread only. Its loop is the first one on which a task has to wait.
/// Lifetime: must be alive when it is called; waiting tasks may outlive it.
/// Python:   asyncio.Barrier; wait() is its `async with`.
class Barrier {
 public:
  /// Creates a barrier for `parties` tasks.
  ///
  /// Throws:   ValueError if `parties` is not positive.
  explicit Barrier(std::ptrdiff_t parties);
  Barrier(const Barrier&) = delete;
  Barrier& operator=(const Barrier&) = delete;
  ~Barrier();

  /// Waits for the other tasks and returns the task's place in the order of arrival, from 0 on. A
  /// task that arrives while the previous round is still leaving waits for that round to leave
  /// first.
  ///
  /// Throws:   BrokenBarrierError if the barrier has been aborted, or is aborted or reset during
  ///           the wait; RuntimeError if the task has to wait on a loop other than the barrier's.
  /// Resumes:  the last task at once, the others in the turn after that, in the order of arrival.
  /// Cancel:   the task no longer counts; the others keep waiting.
  /// Cost:     one coroutine, and another for each wait in it.
  [[nodiscard]] Coroutine<std::size_t> wait();

  /// Empties the barrier: waiting tasks get a BrokenBarrierError. A broken barrier works again.
  ///
  /// Cancel:   the barrier stays as it is.
  [[nodiscard]] Coroutine<void> reset();

  /// Breaks the barrier: waiting tasks get a BrokenBarrierError, and so does each new task until a
  /// reset().
  ///
  /// Cancel:   the barrier stays as it is.
  [[nodiscard]] Coroutine<void> abort();

  /// Returns the number of tasks that must arrive.
  [[nodiscard]] std::size_t parties() const noexcept;
  /// Returns the number of tasks that wait for the others; 0 while they leave.
  [[nodiscard]] std::size_t n_waiting() const noexcept;
  /// Returns whether the barrier has been aborted and not reset since.
  [[nodiscard]] bool broken() const noexcept;

  /// Formats the state: "<Barrier [filling, waiters:1/3]>", "<Barrier [broken]>".
  friend std::string to_string(const Barrier& barrier);

 private:
  detail::Ref<detail::BarrierState> state_;
};

}  // namespace asyncio
