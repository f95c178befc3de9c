// An event loop inside a synchronous program: lib/doc/howto.md.
#include <asyncio/asyncio.hpp>
#include <chrono>
#include <string>
#include <utility>

#include "expect.hpp"

namespace aio = asyncio;
using namespace std::chrono_literals;

namespace {

// [store]
/// A blocking class on top of an event loop. Any thread may call it.
class Store {
 public:
  std::string get(std::string key) const { return loop_.run(fetch(std::move(key))).result(); }

  std::string get_within(std::string key, aio::Duration limit) const {
    auto future = loop_.run(fetch(std::move(key)));
    try {
      return future.result(limit);
    } catch (const aio::TimeoutError&) {
      future.cancel();  // the caller stops waiting, so end the coroutine too
      throw;
    }
  }

 private:
  static aio::Coroutine<std::string> fetch(std::string key) {
    if (key == "slow") co_await aio::sleep(1h);
    co_await aio::sleep(1ms);
    co_return "value of " + key;
  }

  aio::LoopThread loop_;  // its destructor cancels and awaits the tasks that are left
};
// [/store]

}  // namespace

int main() {
  const Store store;
  expect(store.get("a") == "value of a");
  bool timed_out = false;
  try {
    (void)store.get_within("slow", 5ms);
  } catch (const aio::TimeoutError&) {
    timed_out = true;
  }
  expect(timed_out);
}
