// Threads: pools, loops on several threads, and results passed between them.
#include <asyncio/asyncio.hpp>
#include <chrono>
#include <cstddef>
#include <memory>
#include <thread>
#include <vector>

#include "expect.hpp"

namespace aio = asyncio;
using namespace std::chrono_literals;

namespace {

int square(int number) {
  return number * number;
}

aio::Coroutine<int> squared_later(int number) {
  co_await aio::sleep(1ms);
  co_return square(number);
}

/// Runs blocking functions on a custom pool and on the loop's default executor.
aio::Coroutine<void> pools() {
  aio::ThreadPoolExecutor pool(2);
  const aio::Future<int> nine = aio::run_in_executor(pool, square, 3);
  expect(co_await nine == 9);

  aio::set_default_executor(aio::get_running_loop(), std::make_unique<aio::ThreadPoolExecutor>(1));
  const aio::Future<int> sixteen = aio::run_in_executor(square, 4);
  expect(co_await sixteen == 16);
  co_await aio::shutdown_default_executor();
}

/// Awaits a coroutine that runs on another thread's loop.
aio::Coroutine<int> ask_the_other(const aio::LoopThread& other) {
  const aio::ConcurrentFuture<int> result = other.run(squared_later(5));
  co_return co_await aio::wrap_future(result);
}

aio::Coroutine<int> square_of_index(std::size_t index) {
  co_return co_await squared_later(static_cast<int>(index));
}

/// Makes the waits of this thread precise, and starts a thread with the default slack.
void timer_slack() {
  const aio::TimerSlackGuard precise;
  std::thread other(aio::reset_timer_slack);
  other.join();
}

}  // namespace

int main() {
  aio::run(pools());
  expect(aio::find_running_loop() == nullptr);
  const aio::LoopThread other;
  expect(aio::run(ask_the_other(other)) == 25);
  expect((aio::run_on_threads(3, square_of_index) == std::vector{0, 1, 4}));
  timer_slack();
}
