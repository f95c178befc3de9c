#pragma once

#include <string_view>

namespace asyncio::detail {

/// Writes `text` to standard error; gives up where that takes no more. Async-signal-safe.
void write_to_stderr(std::string_view text) noexcept;

}  // namespace asyncio::detail
