#pragma once

namespace asyncio {

/// The type of `return_exceptions`, the first argument that makes gather() return the errors and
/// cancellations of its children as results instead of failing.
struct ReturnExceptions {
  explicit ReturnExceptions() = default;
};
/// The value to pass to gather(): `gather(return_exceptions, a, b)`.
inline constexpr ReturnExceptions return_exceptions{};

}  // namespace asyncio
