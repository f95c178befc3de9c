// Limited concurrency, and results as they arrive: lib/doc/howto.md.
#include <algorithm>
#include <asyncio/asyncio.hpp>
#include <chrono>
#include <stdexcept>
#include <utility>
#include <vector>

#include "expect.hpp"

namespace aio = asyncio;
using namespace std::chrono_literals;

namespace {

int running = 0;
int most_running = 0;

aio::Coroutine<int> fetch(int page) {
  most_running = std::max(most_running, ++running);
  co_await aio::sleep(1s);
  --running;
  if (page == 13) throw std::runtime_error("no page 13");
  co_return page;
}

// [limit]
aio::Coroutine<int> fetch_all(int pages) {
  std::vector<aio::Coroutine<int>> fetches;
  for (int page = 1; page <= pages; ++page) fetches.push_back(fetch(page));
  auto all = aio::gather(aio::ConcurrencyLimit(10), aio::return_exceptions, std::move(fetches));
  auto results = co_await all;  // in the order of the pages
  int sum = 0;
  for (const auto& result : results) {
    if (result) sum += result.value();
  }
  co_return sum;
}
// [/limit]

// [as_completed]
aio::Coroutine<int> first_of(int pages) {
  std::vector<aio::Task<int>> tasks;
  for (int page = 1; page <= pages; ++page) tasks.push_back(aio::create_task(fetch(page)));
  auto finished = aio::as_completed(tasks);
  auto first = co_await finished.next();
  for (auto& task : tasks) task.cancel();  // no effect on a task that is done
  co_return first->result();
}
// [/as_completed]

aio::Coroutine<void> check_all() {
  aio::EventLoop& loop = aio::get_running_loop();
  expect(co_await fetch_all(100) == 5050 - 13);
  expect(most_running == 10);
  expect(loop.time() == aio::TimePoint(10s));  // ten rounds of one second
  expect(co_await first_of(3) == 1);
}

}  // namespace

int main() {
  run_virtual(check_all());
}
