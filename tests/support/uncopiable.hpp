#pragma once

#include <stdexcept>

namespace asyncio::test {

/// A value whose copy fails, with "copy"; it can be moved.
struct Uncopiable {
  Uncopiable() = default;
  Uncopiable(const Uncopiable&) { throw std::runtime_error("copy"); }
  Uncopiable(Uncopiable&&) = default;
  Uncopiable& operator=(const Uncopiable&) = default;
};

}  // namespace asyncio::test
