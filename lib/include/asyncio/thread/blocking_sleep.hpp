#pragma once

#include <asyncio/base/time.hpp>
#include <chrono>

namespace asyncio {

/// Blocks this thread for at least `span`, on the clock of the loop whose executor owns the thread.
/// On a virtual clock, the loop continues meanwhile and jumps ahead in time. On a thread that
/// belongs to no executor, this is a plain sleep.
///
/// Thread:   any except one that runs a loop, because the loop would stand still.
/// Python:   time.sleep, in a function that to_thread() runs.
void blocking_sleep(Duration span);
/// Blocks this thread for a span of any chrono duration type.
template <class Rep, class Period>
void blocking_sleep(std::chrono::duration<Rep, Period> span) {
  blocking_sleep(to_duration(span));
}

}  // namespace asyncio
