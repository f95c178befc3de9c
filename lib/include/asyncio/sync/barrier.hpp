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

/// A Barrier was aborted or reset under those who waited.
///
/// Python:   asyncio.BrokenBarrierError.
class BrokenBarrierError : public RuntimeError {
  using RuntimeError::RuntimeError;
};

/// Holds tasks back until `parties` of them have arrived, then lets them all through; again and
/// again.
///
/// Thread:   its loop's thread only: the loop on which somebody first has to wait.
/// Lifetime: must be alive where it is called; who waits may outlive it.
/// Python:   asyncio.Barrier; wait() is its `async with`.
class Barrier {
 public:
  /// For so many.
  ///
  /// Throws:   ValueError if `parties` is not positive.
  explicit Barrier(std::ptrdiff_t parties);
  Barrier(const Barrier&) = delete;
  Barrier& operator=(const Barrier&) = delete;
  ~Barrier();

  /// Waits for the others, and gives this one's place in the order of arrival, from 0 on. Who
  /// arrives while the last round still leaves waits for the next one first.
  ///
  /// Throws:   BrokenBarrierError if it is aborted, or reset while this one waits; RuntimeError
  ///           if it has to wait on another loop than others have waited on.
  /// Resumes:  the last one at once, the others in the turn after that, in their order.
  /// Cancel:   this one no longer counts; the others wait on.
  /// Cost:     a coroutine, and another for each wait in it.
  [[nodiscard]] Coroutine<std::size_t> wait();

  /// Empties it: who waits gets a BrokenBarrierError. Mends an aborted one.
  ///
  /// Cancel:   nothing has happened.
  [[nodiscard]] Coroutine<void> reset();

  /// Breaks it: who waits, and who comes before a reset(), gets a BrokenBarrierError.
  ///
  /// Cancel:   nothing has happened.
  [[nodiscard]] Coroutine<void> abort();

  /// How many it waits for.
  [[nodiscard]] std::size_t parties() const noexcept;
  /// How many wait for the others; 0 while they leave.
  [[nodiscard]] std::size_t n_waiting() const noexcept;
  /// Whether it was aborted, and not reset since.
  [[nodiscard]] bool broken() const noexcept;

  /// "<Barrier [filling, waiters:1/3]>", "<Barrier [broken]>"
  friend std::string to_string(const Barrier& barrier);

 private:
  detail::Ref<detail::BarrierState> state_;
};

}  // namespace asyncio
