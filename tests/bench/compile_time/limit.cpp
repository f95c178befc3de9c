// The includes of any program with coroutines and times: a lower limit for asyncio.cpp.
#include <chrono>
#include <coroutine>
#include <functional>
#include <string>
#include <vector>

using namespace std::chrono_literals;

int work(const std::string& name, std::chrono::milliseconds delay) {
  return delay > 0ms ? static_cast<int>(name.size()) : 0;
}

int work_in_turn(const std::vector<std::string>& names) {
  std::vector<std::function<int()>> all;
  for (const std::string& name : names) all.push_back([&name] { return work(name, 1ms); });
  int sum = 0;
  for (const std::function<int()>& one : all) sum += one();
  return sum;
}

int main() {
  return work_in_turn({"one", "two", "three"}) == 11 ? 0 : 1;
}
