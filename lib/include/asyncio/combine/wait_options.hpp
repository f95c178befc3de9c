#pragma once

#include <asyncio/base/time.hpp>
#include <cstdint>
#include <optional>

namespace asyncio {

/// The condition on which wait() returns.
enum class ReturnWhen : std::uint8_t {
  all_completed,    ///< all futures are done
  first_completed,  ///< one future is done
  first_exception,  ///< one future failed, or all are done; a cancelled future has not failed
};

/// The options of wait().
struct WaitOptions {
  TimeLimit timeout = std::nullopt;                    ///< the longest time to wait
  ReturnWhen return_when = ReturnWhen::all_completed;  ///< the condition to wait for
};

}  // namespace asyncio
