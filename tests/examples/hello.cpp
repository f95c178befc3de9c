#include <asyncio/asyncio.hpp>
#include <iostream>
#include <string>

namespace aio = asyncio;
using namespace std::chrono_literals;

aio::Coroutine<int> brew(std::string what, aio::Duration time) {
  co_await aio::sleep(time);
  std::cout << what << " is ready\n";
  co_return static_cast<int>(what.size());
}

aio::Coroutine<void> breakfast() {
  auto tea = aio::create_task(brew("tea", 200ms));  // begins in the next turn
  const auto cooked = co_await aio::gather(brew("eggs", 300ms), brew("toast", 100ms));
  const auto [eggs, toast] = cooked;
  std::cout << "served " << co_await tea + eggs + toast << " letters\n";
}

int main() {
  aio::run(breakfast());
}
