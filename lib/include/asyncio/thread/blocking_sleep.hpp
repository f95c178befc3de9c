#pragma once

#include <asyncio/base/time.hpp>
#include <chrono>

namespace asyncio {

/// Blocks this thread for `span`, never shorter, on the clock of the loop whose executor runs it. On
/// a virtual clock the loop goes on meanwhile, and jumps. On a thread of no executor this is a plain
/// sleep.
///
/// Thread:   any but one that runs a loop, which would stand still.
/// Python:   time.sleep, in a function that to_thread() runs.
void blocking_sleep(Duration span);
/// Blocks this thread for any chrono duration.
template <class Rep, class Period>
void blocking_sleep(std::chrono::duration<Rep, Period> span) {
  blocking_sleep(to_duration(span));
}

}  // namespace asyncio
