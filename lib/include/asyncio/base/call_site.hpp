#pragma once

#include <cstdint>
#include <source_location>
#include <string>

namespace asyncio {

/// A place in the source, for people: a function and a line of a file.
struct CallSite {
  std::string function;    ///< its name without types; empty if unknown
  std::string file;        ///< empty if unknown
  std::uint32_t line = 0;  ///< from 1 on; 0 if unknown
};

/// What the compiler says of `where`, made readable: of "Coroutine<int> page(std::string)" the
/// function is "page".
[[nodiscard]] CallSite call_site(const std::source_location& where);

/// "page() at server.cpp:12"; empty if nothing is known.
[[nodiscard]] std::string to_string(const CallSite& site);

}  // namespace asyncio
