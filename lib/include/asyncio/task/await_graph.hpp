#pragma once

#include <asyncio/loop/event_loop.hpp>
#include <string>

namespace asyncio {

/// Describes the waits of `loop`: one line for each task that is not done, in creation order, with
/// the place of its co_await and the awaited object.
///
///     Task-1 in main() at app.cpp:31 waits for Task-2
///
/// Thread:   the loop's.
[[nodiscard]] std::string describe_waits(EventLoop& loop);

}  // namespace asyncio
