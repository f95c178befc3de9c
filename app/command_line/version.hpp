#pragma once

#include <string>

namespace asyncdemo {

/// Returns the output of `asyncdemo --version`. With `verbose`, adds the compiler, the build type,
/// the backend and the libraries.
///
/// Throws: std::system_error with `verbose`, if no poller can be made.
[[nodiscard]] std::string version_text(bool verbose);

}  // namespace asyncdemo
