// Timers.

#include "asio.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>
#include <vector>

namespace bench {
namespace {

awaitable<void> sleep_for(std::chrono::nanoseconds delay) {
  asio::steady_timer timer(co_await asio::this_coro::executor, delay);
  co_await timer.async_wait(use_awaitable);
}

void sleep(int rounds, int tasks, int most_ns) {
  run([=](asio::io_context& context) {
    Random random;
    for (int round = 0; round < rounds; ++round) {
      for (int i = 0; i < tasks; ++i) {
        const std::chrono::nanoseconds delay(random.below(static_cast<std::uint64_t>(most_ns)));
        asio::co_spawn(context, sleep_for(delay), asio::detached);
      }
      context.run();
      context.restart();
    }
  });
}

void arm_and_cancel(int times) {
  run([times](asio::io_context& context) {
    asio::steady_timer timer(context);
    for (int i = 0; i < times; ++i) {
      timer.expires_after(std::chrono::seconds(10));
      timer.async_wait([](const boost::system::error_code&) {});
      timer.cancel();
    }
  });
}

awaitable<void> measure_lateness(int sleeps, std::vector<double>& late_us) {
  for (int i = 0; i < sleeps; ++i) {
    const double start = wall_ns();
    co_await sleep_for(std::chrono::milliseconds(1));
    late_us.push_back((wall_ns() - start - 1e6) / 1e3);
  }
}

std::vector<double> lateness_us(int sleeps) {
  std::vector<double> late_us;
  run([sleeps, &late_us](asio::io_context& context) {
    asio::co_spawn(context, measure_lateness(sleeps, late_us), asio::detached);
  });
  return late_us;
}

}  // namespace

void enter_timers(Program& program) {
  program.sleep = sleep;
  program.arm_and_cancel = arm_and_cancel;
  program.lateness_us = lateness_us;
}

}  // namespace bench
