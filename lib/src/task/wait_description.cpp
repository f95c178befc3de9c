#include <asyncio/detail/task/wait_description.hpp>

namespace asyncio::detail {

void WaitDescription::add(const FutureBase& future) {
  if (future.done()) return;
  text_ += first_ ? " " : ", ";
  first_ = false;
  text_ += future.describe();
}

}  // namespace asyncio::detail
