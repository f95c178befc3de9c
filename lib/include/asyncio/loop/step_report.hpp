#pragma once

#include <asyncio/base/time.hpp>
#include <string>

namespace asyncio {

/// A report of a step of a loop: a callback, or a task between two suspensions.
struct StepReport {
  std::string step;  ///< its task or callback and resume point: "Task-2 from work() at app.cpp:12"
  Duration held;     ///< how long it has held the loop's thread, in real time
};

}  // namespace asyncio
