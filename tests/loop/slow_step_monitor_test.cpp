#include "asyncio/detail/loop/slow_step_monitor.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <string>
#include <thread>

#include "support/async_test.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using detail::SlowStepMonitor;

TEST(SlowStepMonitor, MeasuresAStep) {
  SlowStepMonitor monitor;

  monitor.begin("a step");
  std::this_thread::sleep_for(2ms);
  const StepReport report = monitor.end();

  EXPECT_EQ(report.step, "a step");
  EXPECT_GE(report.held, 2ms);
}

TEST(SlowStepMonitor, ReportsARunningStepOnce) {
  std::promise<StepReport> told;
  std::atomic<int> times = 0;
  SlowStepMonitor monitor;
  monitor.start_watchdog(5ms, [&](const StepReport& report) {
    if (++times == 1) told.set_value(report);
  });

  monitor.begin("stuck");
  const StepReport report = told.get_future().get();
  std::this_thread::sleep_for(20ms);
  (void)monitor.end();

  EXPECT_EQ(report.step, "stuck");
  EXPECT_GE(report.held, 5ms);
  EXPECT_EQ(times, 1);
}

TEST(SlowStepMonitor, DoesNotReportStepsThatEndInTime) {
  std::atomic<int> times = 0;
  {
    SlowStepMonitor monitor;
    monitor.start_watchdog(10s, [&](const StepReport&) { ++times; });
    for (int i = 0; i < 1000; ++i) {
      monitor.begin("quick");
      (void)monitor.end();
    }
  }
  EXPECT_EQ(times, 0);
}

TEST(SlowStepMonitor, ReportsNothingUnderTheLongestLimit) {
  std::atomic<int> times = 0;
  {
    SlowStepMonitor monitor;
    monitor.begin("long");
    monitor.start_watchdog(Duration::max(), [&](const StepReport&) { ++times; });
    std::this_thread::sleep_for(2ms);
    (void)monitor.end();
  }
  EXPECT_EQ(times, 0);
}

TEST(Watchdog, NamesTheTaskAndTheCoAwaitThatBlockTheLoop) {
  std::promise<StepReport> told;
  std::future<StepReport> report = told.get_future();
  int line = 0;
  const auto block = [&]() -> Coroutine<void> {
    line = __LINE__ + 1;
    co_await sleep(0s);
    report.wait();  // for as long as the watchdog needs
  };
  const auto main = [&]() -> Coroutine<void> { co_await create_task(block(), "blocker"); };
  LoopOptions options;
  options.watchdog(5ms, [&](const StepReport& step) { told.set_value(step); });

  run(main(), RunOptions().loop(std::move(options)));

  const std::string step = report.get().step;
  EXPECT_TRUE(step.starts_with("blocker from ")) << step;
  EXPECT_NE(step.find("slow_step_monitor_test.cpp:" + std::to_string(line)), std::string::npos)
      << step;
}

}  // namespace
}  // namespace asyncio
