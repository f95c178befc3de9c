#include <asyncio/asyncio.hpp>
#include <iostream>
#include <string>

using namespace std::chrono_literals;

asyncio::Coroutine<std::string> cook(std::string what, asyncio::Duration time) {
  co_await asyncio::sleep(time);
  co_return what + " after " + std::to_string(time / 1ms) + " ms\n";
}

asyncio::Coroutine<void> breakfast() {
  const auto served = co_await asyncio::gather(cook("eggs", 300ms), cook("toast", 100ms));
  const auto& [eggs, toast] = served;
  std::cout << eggs << toast;
}

int main() {
  asyncio::run(breakfast());  // takes 300 ms, not 400
}
