// Time limits: lib/doc/howto.md.
#include <asyncio/asyncio.hpp>
#include <chrono>
#include <string>

#include "expect.hpp"

namespace aio = asyncio;
using namespace std::chrono_literals;

namespace {

aio::Coroutine<std::string> fetch(std::string host, aio::Duration time) {
  co_await aio::sleep(time);
  co_return "page of " + host;
}

// [one_await]
aio::Coroutine<std::string> fetch_or_cached(std::string host, aio::Duration time) {
  try {
    co_return co_await aio::wait_for(fetch(host, time), 2s);
  } catch (const aio::TimeoutError&) {
  }
  co_return "cached page of " + host;
}
// [/one_await]

// [block]
aio::Coroutine<std::string> fetch_two() {
  co_return co_await aio::timeout(3s, []() -> aio::Coroutine<std::string> {
    std::string first = co_await fetch("a", 1s);
    std::string second = co_await fetch("b", 1s);
    co_return first + ", " + second;
  });
}
// [/block]

// [moving]
aio::Coroutine<int> read_while_busy(aio::Queue<int>& queue) {
  int sum = 0;
  aio::Timeout idle(1s);
  try {
    co_await idle.run([&]() -> aio::Coroutine<void> {
      while (true) {
        sum += co_await queue.get();
        idle.reschedule(1s);  // one second from now, so the limit applies to each item
      }
    });
  } catch (const aio::TimeoutError&) {
    expect(idle.expired());
  }
  co_return sum;
}
// [/moving]

// [keep_going]
aio::Coroutine<std::string> first_impression() {
  auto task = aio::create_task(fetch("slow", 5s));
  try {
    co_return co_await aio::wait_for(aio::shield(task), 1s);
  } catch (const aio::TimeoutError&) {
  }
  expect(!task.done());  // the task runs on and can be awaited again
  co_return co_await task;
}
// [/keep_going]

aio::Coroutine<void> check_all() {
  expect(co_await fetch_or_cached("x", 1s) == "page of x");
  expect(co_await fetch_or_cached("x", 3s) == "cached page of x");
  expect(co_await fetch_two() == "page of a, page of b");
  expect(co_await first_impression() == "page of slow");

  aio::Queue<int> queue;
  auto reader = aio::create_task(read_while_busy(queue));
  for (int item = 1; item <= 4; ++item) {
    co_await aio::sleep(900ms);
    queue.put_nowait(item);
  }
  expect(co_await reader == 10);
}

}  // namespace

int main() {
  run_virtual(check_all());
}
