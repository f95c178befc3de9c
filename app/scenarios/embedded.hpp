#pragma once

#include <span>
#include <string_view>

namespace asyncdemo {

/// A file of app/scenarios, as it was when this was compiled.
struct EmbeddedFile {
  std::string_view path;  ///< below app/scenarios: "python/wait_for.py"
  std::string_view text;
};

/// Their definition is written by the build.
[[nodiscard]] std::span<const EmbeddedFile> embedded_files();

}  // namespace asyncdemo
