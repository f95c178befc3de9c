#pragma once

#include <asyncio/base/time.hpp>
#include <asyncio/detail/combine/sleep_timer.hpp>
#include <asyncio/task/coroutine.hpp>
#include <chrono>
#include <utility>

namespace asyncio {

/// Suspends the task for `delay`, never less, from the moment of the co_await. Zero or less
/// yields once: the task goes on in the next turn, after what is ready.
///
/// Throws:   ValueError for not-a-number.
/// Resumes:  one turn after the one in which the timer is due.
/// Cancel:   wakes at once with CancelledError.
/// Cost:     no allocation; a place in the timer queue, whose size it is logarithmic in.
/// Python:   asyncio.sleep.
template <class Rep, class Period>
detail::SleepAwaitable sleep(std::chrono::duration<Rep, Period> delay) {
  return detail::SleepAwaitable(to_duration(delay));
}

/// The same, and then gives `result`.
///
/// Cost:     one coroutine.
template <class Rep, class Period, class T>
Coroutine<T> sleep(std::chrono::duration<Rep, Period> delay, T result) {
  co_await sleep(delay);
  co_return std::move(result);
}

}  // namespace asyncio
