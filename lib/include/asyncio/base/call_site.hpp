#pragma once

#include <cstdint>
#include <source_location>
#include <string>

namespace asyncio {

/// A source location in readable form: a function, a file and a line.
struct CallSite {
  std::string function;    ///< without types; empty if unknown
  std::string file;        ///< empty if unknown
  std::uint32_t line = 0;  ///< starts at 1; 0 if unknown
};

/// Returns `where` in readable form. Its function is "page" if the compiler names that
/// "Coroutine<int> page(std::string)".
[[nodiscard]] CallSite call_site(const std::source_location& where);

/// Formats a call site: "page() at server.cpp:12". The text is empty if nothing is known.
[[nodiscard]] std::string to_string(const CallSite& site);

}  // namespace asyncio
