#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <string>
#include <thread>

#include "support/async_test.hpp"
#include "support/process_state.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using test::EnvironmentVariable;
using test::Reports;
using test::throws;

const std::string kWrongThread =
    "RuntimeError: Non-thread-safe operation invoked on an event loop other than the current one";

TEST(DebugMode, CanBeSetAndRead) {  // B298
  EventLoop loop(LoopOptions().debug(true));
  EXPECT_TRUE(loop.get_debug());

  loop.set_debug(false);
  EXPECT_FALSE(loop.get_debug());
}

TEST(DebugMode, IsSetByANonemptyEnvironmentVariable) {  // B298
  {
    const EnvironmentVariable on("ASYNCIO_DEBUG", "1");
    EXPECT_TRUE(EventLoop().get_debug());
    EXPECT_FALSE(EventLoop(LoopOptions().debug(false)).get_debug());
  }
  const EnvironmentVariable empty("ASYNCIO_DEBUG", "");
  EXPECT_FALSE(EventLoop().get_debug());
}

TEST(DebugMode, RefusesCallsFromAnotherThread) {  // B299
  EventLoop loop(LoopOptions().debug(true));
  std::string soon;
  std::string later;
  std::string at;
  std::string with_own_loop;
  const auto call_from_elsewhere = [&] {
    std::thread([&] {
      soon = throws([&] { loop.call_soon([] {}); });
      later = throws([&] { loop.call_later(1s, [] {}); });
      at = throws([&] { loop.call_at(TimePoint(), [] {}); });
      EventLoop own;
      own.call_soon([&] {
        with_own_loop = throws([&] { loop.call_soon([] {}); });
        own.stop();
      });
      own.run_forever();
    }).join();
    loop.stop();
  };

  loop.call_soon(call_from_elsewhere);
  loop.run_forever();

  EXPECT_EQ(soon, kWrongThread);
  EXPECT_EQ(later, kWrongThread);
  EXPECT_EQ(at, kWrongThread);
  EXPECT_EQ(with_own_loop, kWrongThread);
}

TEST(DebugMode, AllowsCallsToALoopThatIsNotRunning) {  // B299
  EventLoop loop(LoopOptions().debug(true));
  bool called = false;

  std::thread([&] { loop.call_soon([&] { called = true; }); }).join();
  loop.stop();
  loop.run_forever();

  EXPECT_TRUE(called);
}

TEST(DebugMode, ReportsASlowCallbackWithItsNameAndItsDuration) {  // B300
  EventLoop loop(LoopOptions().debug(true));
  loop.set_slow_callback_duration(5ms);
  const Reports reports(loop);

  loop.call_soon([] { std::this_thread::sleep_for(6ms); });
  loop.call_soon([&] { loop.stop(); });
  loop.run_forever();

  ASSERT_EQ(reports.size(), 1U);
  const std::string& message = reports.all()[0].message;
  EXPECT_TRUE(message.starts_with("Executing callback ")) << message;
  EXPECT_NE(message.find("ReportsASlowCallback"), std::string::npos) << message;
  EXPECT_NE(message.find(" took 0.0"), std::string::npos) << message;
}

TEST(DebugMode, ReportsASlowTaskStepWithItsNameAndItsLine) {  // B300
  EventLoop loop(LoopOptions().debug(true));
  loop.set_slow_callback_duration(5ms);
  const Reports reports(loop);
  int line = 0;
  const auto work = [&]() -> Coroutine<void> {
    line = __LINE__ + 1;
    co_await sleep(0s);
    std::this_thread::sleep_for(6ms);
  };

  loop.run_until_complete(work());

  ASSERT_EQ(reports.size(), 1U);
  const std::string& message = reports.all()[0].message;
  EXPECT_TRUE(message.starts_with("Executing Task-1 from ")) << message;
  EXPECT_NE(message.find("debug_mode_test.cpp:" + std::to_string(line)), std::string::npos)
      << message;
}

TEST(DebugMode, ReportsNoSlowCallbackWhenOff) {  // B300
  EventLoop loop(LoopOptions().debug(false));
  loop.set_slow_callback_duration(1ns);
  const Reports reports(loop);

  loop.call_soon([&] { loop.stop(); });
  loop.run_forever();

  EXPECT_EQ(reports.size(), 0U);
}

}  // namespace
}  // namespace asyncio
