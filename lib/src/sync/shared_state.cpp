#include <asyncio/base/error.hpp>
#include <asyncio/sync/shared_state.hpp>

namespace asyncio::detail {

void throw_bound_elsewhere(const std::string& primitive) {
  throw RuntimeError(primitive + " is bound to a different event loop");
}

std::string print_state(std::string_view name, std::string_view state, std::size_t waiters) {
  std::string text = "<";
  text += name;
  text += " [";
  text += state;
  if (waiters > 0) (text += ", waiters:") += std::to_string(waiters);
  return text + "]>";
}

}  // namespace asyncio::detail
