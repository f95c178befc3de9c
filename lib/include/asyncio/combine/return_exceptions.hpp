#pragma once

namespace asyncio {

/// First argument of gather(): errors and cancels of children are results, not errors.
struct ReturnExceptions {
  explicit ReturnExceptions() = default;
};
/// The value to write: `gather(return_exceptions, a, b)`.
inline constexpr ReturnExceptions return_exceptions{};

}  // namespace asyncio
