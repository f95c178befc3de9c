// A user's first program with the library. scripts/bench reports its compile time.
#include <asyncio/asyncio.hpp>

using namespace std::chrono_literals;

asyncio::Coroutine<int> work(std::string name, std::chrono::milliseconds delay) {
  co_await asyncio::sleep(delay);
  co_return static_cast<int>(name.size());
}

asyncio::Coroutine<int> work_in_turn(std::vector<std::string> names) {
  std::vector<asyncio::Coroutine<int>> all;
  for (std::string& name : names) all.push_back(work(std::move(name), 1ms));
  int sum = 0;
  for (const int length : co_await asyncio::gather(std::move(all))) sum += length;
  co_return sum;
}

int main() {
  return asyncio::run(work_in_turn({"one", "two", "three"})) == 11 ? 0 : 1;
}
