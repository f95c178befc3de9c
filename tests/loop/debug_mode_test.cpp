#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <optional>
#include <string>
#include <thread>

#include "support/async_test.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using test::Reports;
using test::throws;

const std::string kWrongThread =
    "RuntimeError: Non-thread-safe operation invoked on an event loop other than the current one";

/// Sets ASYNCIO_DEBUG for as long as it lives.
class DebugVariable {
 public:
  explicit DebugVariable(const char* value) {
    if (const char* const before = std::getenv("ASYNCIO_DEBUG")) before_ = before;
    ::setenv("ASYNCIO_DEBUG", value, 1);
  }
  DebugVariable(const DebugVariable&) = delete;
  DebugVariable& operator=(const DebugVariable&) = delete;
  ~DebugVariable() {
    if (before_) {
      ::setenv("ASYNCIO_DEBUG", before_->c_str(), 1);
    } else {
      ::unsetenv("ASYNCIO_DEBUG");
    }
  }

 private:
  std::optional<std::string> before_;
};

TEST(DebugMode, CanBeSwitchedAndRead) {  // B298
  EventLoop loop(LoopOptions().debug(true));
  EXPECT_TRUE(loop.get_debug());

  loop.set_debug(false);
  EXPECT_FALSE(loop.get_debug());
}

TEST(DebugMode, IsSetByTheEnvironmentUnlessThatIsEmpty) {  // B298
  {
    const DebugVariable on("1");
    EXPECT_TRUE(EventLoop().get_debug());
    EXPECT_FALSE(EventLoop(LoopOptions().debug(false)).get_debug());
  }
  const DebugVariable empty("");
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

TEST(DebugMode, AllowsCallsToALoopThatDoesNotRun) {  // B299
  EventLoop loop(LoopOptions().debug(true));
  bool called = false;

  std::thread([&] { loop.call_soon([&] { called = true; }); }).join();
  loop.stop();
  loop.run_forever();

  EXPECT_TRUE(called);
}

TEST(DebugMode, ReportsASlowCallbackWithItsNameAndItsTime) {  // B300
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

TEST(DebugMode, OffReportsNoSlowCallback) {  // B300
  EventLoop loop(LoopOptions().debug(false));
  loop.set_slow_callback_duration(1ns);
  const Reports reports(loop);

  loop.call_soon([&] { loop.stop(); });
  loop.run_forever();

  EXPECT_EQ(reports.size(), 0U);
}

// --- Forks ---

/// What a child process says of `function`, run in it.
template <class F>
std::string in_child(F function) {
  std::array<int, 2> pipe{};
  EXPECT_EQ(::pipe(pipe.data()), 0);
  const UniqueFd reading(pipe[0]);
  UniqueFd writing(pipe[1]);
  const pid_t child = ::fork();
  if (child == 0) {
    const std::string text = function();
    (void)!::write(writing.get(), text.data(), text.size());
    ::_exit(0);
  }
  writing.reset();
  std::string text;
  std::array<char, 256> buffer{};
  for (;;) {
    const ssize_t count = ::read(reading.get(), buffer.data(), buffer.size());
    if (count <= 0) break;
    text.append(buffer.data(), static_cast<std::size_t>(count));
  }
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  return text;
}

Coroutine<std::string> seven() {
  co_await sleep(1ms);
  co_return "seven";
}

ASYNC_TEST(Fork, LeavesTheChildWithoutARunningLoopSoThatItCanRunItsOwn) {
  const std::string none =
      in_child([] { return find_running_loop() == nullptr ? run(seven()) : "still there"; });

  EXPECT_EQ(none, "seven");
  co_return;
}

TEST(Fork, LetsTheParentsDescriptorsAloneWhenTheChildClosesTheLoop) {
  EventLoop loop;
  std::array<int, 2> pipe{};
  ASSERT_EQ(::pipe(pipe.data()), 0);
  const UniqueFd reading(pipe[0]);
  const UniqueFd writing(pipe[1]);
  bool called = false;
  loop.add_reader(reading.get(), [&] {
    called = true;
    loop.stop();
  });

  (void)in_child([&] {
    loop.close();
    return std::string();
  });
  ASSERT_EQ(::write(writing.get(), "x", 1), 1);
  loop.run_forever();

  EXPECT_TRUE(called);
  loop.remove_reader(reading.get());
}

TEST(Fork, MakesUseOfTheParentsLoopAnErrorInDebugMode) {
  EventLoop loop(LoopOptions().debug(true));

  const std::string error = in_child([&] { return throws([&] { loop.call_soon([] {}); }); });

  EXPECT_EQ(error,
            "RuntimeError: the event loop belongs to another process, which forked this one");
}

}  // namespace
}  // namespace asyncio
