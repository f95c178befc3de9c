#pragma once

#include <string>

#include "support/async_test.hpp"

// What the tests of task groups share.

namespace asyncio::test {

/// What describe() says of a TaskGroup's error with these members.
inline std::string group_of(const std::string& members) {
  return "ExceptionGroup: unhandled errors in a TaskGroup [" + members + "]";
}
inline const std::string kOops = group_of("std::runtime_error: oops");

}  // namespace asyncio::test
