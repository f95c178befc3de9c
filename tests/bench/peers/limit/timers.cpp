// Timers.

#include <sys/timerfd.h>
#include <unistd.h>

#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <queue>
#include <vector>

#include "limit.hpp"

namespace bench {
namespace {

struct Timer {
  double when;
  std::coroutine_handle<> handle;
  bool operator<(const Timer& other) const noexcept { return when > other.when; }
};
std::priority_queue<Timer> timers_armed;

struct Sleep {
  static bool await_ready() noexcept { return false; }
  void await_suspend(std::coroutine_handle<> handle) const { timers_armed.push({when, handle}); }
  static void await_resume() noexcept {}
  double when;
};

Coroutine sleep_until(double when) {
  co_await Sleep{when};
  co_return 0;
}

void run_timers() {
  while (!timers_armed.empty()) {
    const double now = wall_ns();
    while (!timers_armed.empty() && timers_armed.top().when <= now) {
      const auto handle = timers_armed.top().handle;
      timers_armed.pop();
      handle.resume();
    }
    if (timers_armed.empty()) return;
    const double left = timers_armed.top().when - wall_ns();
    if (left <= 0) continue;
    const timespec duration{static_cast<std::time_t>(left / 1e9),
                            static_cast<long>(left) % 1'000'000'000};
    ::nanosleep(&duration, nullptr);
  }
}

void sleep(int rounds, int tasks, int most_ns) {
  Random random;
  for (int round = 0; round < rounds; ++round) {
    const double start = wall_ns();
    std::vector<Coroutine> all;
    all.reserve(static_cast<std::size_t>(tasks));
    for (int i = 0; i < tasks; ++i) {
      const std::uint64_t delay = random.below(static_cast<std::uint64_t>(most_ns));
      all.push_back(sleep_until(start + static_cast<double>(delay)));
      all.back().handle().resume();
    }
    run_timers();
  }
}

void arm_and_cancel(int times) {
  for (int i = 0; i < times; ++i) {
    timers_armed.push({1.0 * i, nullptr});
    timers_armed.pop();
  }
}

std::vector<double> lateness_us(int sleeps) {
  const int timer = ::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
  std::vector<double> late_us;
  for (int i = 0; i < sleeps; ++i) {
    const double start = wall_ns();
    itimerspec in_a_millisecond{};
    in_a_millisecond.it_value.tv_nsec = 1'000'000;
    ::timerfd_settime(timer, 0, &in_a_millisecond, nullptr);
    std::uint64_t expirations = 0;
    require(::read(timer, &expirations, sizeof expirations) == sizeof expirations);
    late_us.push_back((wall_ns() - start - 1e6) / 1e3);
  }
  ::close(timer);
  return late_us;
}

}  // namespace

void enter_timers(Program& program) {
  program.sleep = sleep;
  program.arm_and_cancel = arm_and_cancel;
  program.lateness_us = lateness_us;
}

}  // namespace bench
