// A program that each consumer builds. Its objects, errors, signals and variables cross the border
// between program and library.
#include <asyncio/asyncio.hpp>
#include <csignal>
#include <iostream>
#include <string>

namespace aio = asyncio;
using namespace std::chrono_literals;

static const aio::ContextVar<std::string> kUser("user", "nobody");

static aio::Coroutine<int> brew(std::string what, aio::Duration time) {
  co_await aio::sleep(time);
  std::cout << what << " for " << kUser.get() << '\n';
  co_return static_cast<int>(what.size());
}

static aio::Coroutine<void> fail() {
  co_await aio::sleep(1ms);
  throw aio::ValueError("burnt");
}

static aio::Coroutine<void> serve() {
  const auto token = kUser.set("all");
  aio::get_running_loop().call_later(5ms, [] { std::cout << "half time\n"; });
  const auto [eggs, toast] = co_await aio::gather(brew("eggs", 10ms), brew("toast", 1ms));
  std::cout << eggs + toast << " letters\n";
}

static aio::Coroutine<void> catch_errors() {
  try {
    co_await aio::wait_for(aio::sleep(1h), 1ms);
  } catch (const aio::TimeoutError& error) {
    std::cout << error.what() << '\n';
  }
  aio::TaskGroup group;
  try {
    co_await group.run([&]() -> aio::Coroutine<void> {
      group.create_task(fail());
      co_await aio::sleep(1h);
    });
  } catch (const aio::ExceptionGroup& errors) {
    std::cout << aio::describe(errors.exceptions().front()) << '\n';
  }
}

static aio::Coroutine<void> hear_a_signal() {
  auto& loop = aio::get_running_loop();
  const auto heard = loop.create_future<void>();
  loop.add_signal_handler(SIGUSR1, [heard] { heard.set_result(); });
  std::raise(SIGUSR1);
  co_await heard;
  std::cout << "heard\n";
}

static aio::Coroutine<int> main_coroutine() {
  co_await serve();
  co_await catch_errors();
  co_await hear_a_signal();
  co_return co_await aio::to_thread([] { return 42; });
}

int main() {
  const auto options = aio::RunOptions().clock(aio::ClockKind::virtual_time);  // takes no real time
  std::cout << aio::run(main_coroutine(), options) << '\n';
}
