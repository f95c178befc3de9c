#pragma once

#include <asyncio/base/time.hpp>
#include <asyncio/detail/combine/sleep_timer.hpp>
#include <asyncio/task/coroutine.hpp>
#include <chrono>
#include <utility>

namespace asyncio {

/// Suspends the task for at least `delay`, counted from the co_await. With a delay of zero or
/// less, yields once: the task continues in the next turn, after everything that is ready.
///
/// Throws:   ValueError if `delay` is not a number (NaN).
/// Resumes:  one turn after the turn in which the timer is due.
/// Cancel:   wakes up at once and throws CancelledError.
/// Cost:     no allocation; an entry in the timer queue, which takes time logarithmic in its size.
/// Python:   asyncio.sleep.
template <class Rep, class Period>
detail::SleepAwaitable sleep(std::chrono::duration<Rep, Period> delay) {
  return detail::SleepAwaitable(to_duration(delay));
}

/// Suspends the task for at least `delay` and then returns `result`.
///
/// Cost:     one coroutine.
template <class Rep, class Period, class T>
Coroutine<T> sleep(std::chrono::duration<Rep, Period> delay, T result) {
  co_await sleep(delay);
  co_return std::move(result);
}

}  // namespace asyncio
