#pragma once

#include <string>

namespace asyncdemo {

/// `asyncdemo --version`: name and version. With `verbose` also what it is built of.
///
/// Throws: std::system_error where `verbose` and no poller can be made.
[[nodiscard]] std::string version_text(bool verbose);

}  // namespace asyncdemo
