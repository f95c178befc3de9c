#pragma once

#include <span>
#include <string_view>

namespace asyncdemo {

/// A file of app/scenarios, as it was at build time.
struct EmbeddedFile {
  std::string_view path;  ///< below app/scenarios: "python/wait_for.py"
  std::string_view text;
};

/// Returns the embedded files. The build generates the definition.
[[nodiscard]] std::span<const EmbeddedFile> embedded_files();

}  // namespace asyncdemo
