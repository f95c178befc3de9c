#pragma once

#include <cstdint>

namespace asyncio {

/// Which time a loop goes by.
enum class ClockKind : std::uint8_t {
  real,          ///< the system's steady clock
  virtual_time,  ///< starts at zero and jumps to the next deadline when nothing else is left
};

}  // namespace asyncio
