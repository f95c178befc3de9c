#pragma once

#include <string_view>

namespace asyncio::detail {

/// Writes `text` to standard error. Gives up if the write fails.
///
/// Thread:   any; async-signal-safe.
void write_to_stderr(std::string_view text) noexcept;

}  // namespace asyncio::detail
