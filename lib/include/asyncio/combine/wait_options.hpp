#pragma once

#include <asyncio/base/time.hpp>
#include <cstdint>
#include <optional>

namespace asyncio {

/// The condition on which wait() returns.
enum class ReturnWhen : std::uint8_t {
  all_completed,    ///< all are done
  first_completed,  ///< one is done
  first_exception,  ///< one failed, or all are done; a cancelled one is no failure
};

/// Options of wait().
struct WaitOptions {
  TimeLimit timeout = std::nullopt;                    ///< after which it returns what it has
  ReturnWhen return_when = ReturnWhen::all_completed;  ///< what it waits for
};

}  // namespace asyncio
