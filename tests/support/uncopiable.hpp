#pragma once

#include <stdexcept>

namespace asyncio::test {

/// A value that can be moved, and that throws std::runtime_error("copy") when it is copied.
struct Uncopiable {
  Uncopiable() = default;
  Uncopiable(const Uncopiable&) { throw std::runtime_error("copy"); }
  Uncopiable(Uncopiable&&) = default;
  Uncopiable& operator=(const Uncopiable&) = default;
};

}  // namespace asyncio::test
