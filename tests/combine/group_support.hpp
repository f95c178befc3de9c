#pragma once

#include <string>

#include "support/async_test.hpp"

// Helpers for the tests of task groups.

namespace asyncio::test {

/// Returns describe() of a TaskGroup's error with these members.
inline std::string group_of(const std::string& members) {
  return "ExceptionGroup: unhandled errors in a TaskGroup [" + members + "]";
}
inline const std::string kOops = group_of("std::runtime_error: oops");

}  // namespace asyncio::test
