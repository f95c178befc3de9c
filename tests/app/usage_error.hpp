#pragma once

#include <string>
#include <vector>

namespace asyncdemo_test {

/// A command line that cannot be run.
struct Malformed {
  std::vector<std::string> arguments;
  std::string reason;   ///< the line on stderr between "error: " and "; try"
  std::string way_out;  ///< what that line says to try
};

// Ways out.
inline const std::string kGeneral = "'asyncdemo --help'";
inline const std::string kList = "'asyncdemo list'";
inline const std::string kGather = "'asyncdemo gather --help'";

/// Runs asyncdemo with each row: expects exit code 2, one line on stderr that names the argument
/// and the way out, and nothing on stdout.
void expect_refused(const std::vector<Malformed>& table);

}  // namespace asyncdemo_test
