#pragma once

#include <cstdint>

namespace asyncio {

/// The kinds of clocks that a loop can go by.
enum class ClockKind : std::uint8_t {
  real,          ///< the system's steady clock
  virtual_time,  ///< starts at zero and jumps to the next deadline when there is nothing else to do
};

}  // namespace asyncio
