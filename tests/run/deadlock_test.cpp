#include <gtest/gtest.h>

#include <csignal>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <thread>
#include <vector>

#include "support/async_test.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using test::for_ever;
using test::throws;

constexpr const char* kDeadlock = "DeadlockError: deadlock: nothing is left that could wake Task-1";

/// The end of a run: the error that run() threw, and the reports to the exception handler.
struct Ending {
  std::string error;
  std::vector<std::string> reports;
};
Coroutine<void> recorded(Coroutine<void> main, std::vector<std::string>& reports) {
  get_running_loop().set_exception_handler(
      [&](EventLoop&, const ExceptionContext& context) { reports.push_back(context.message); });
  co_await std::move(main);
}
Ending end_of(Coroutine<void> main, const LoopOptions& loop) {
  Ending ending;
  ending.error =
      throws([&] { run(recorded(std::move(main), ending.reports), RunOptions().loop(loop)); });
  return ending;
}

struct Waiting {
  const char* name;
  LoopOptions options;

  friend void PrintTo(const Waiting& waiting, std::ostream* out) { *out << waiting.name; }
};
class Deadlock : public testing::TestWithParam<Waiting> {
 protected:
  [[nodiscard]] static const LoopOptions& options() { return GetParam().options; }
};
INSTANTIATE_TEST_SUITE_P(Loops, Deadlock,
                         testing::Values(Waiting{"real", {}},
                                         Waiting{"virtual", test::virtual_clock()},
                                         Waiting{"busy", LoopOptions().busy_poll(Duration::max())}),
                         [](const auto& param) { return param.param.name; });

TEST_P(Deadlock, IsReportedAndThrownForMainAlone) {
  const Ending ending = end_of(for_ever(), options());

  EXPECT_EQ(ending.error, kDeadlock);
  ASSERT_EQ(ending.reports.size(), 1U);
  EXPECT_TRUE(ending.reports[0].starts_with(
      "deadlock: nothing is left that could wake Task-1\n  Task-1 in "))
      << ending.reports[0];
  EXPECT_NE(ending.reports[0].find("waits for a future made in "), std::string::npos)
      << ending.reports[0];
}

TEST_P(Deadlock, ShowsACycleOfTasks) {
  const auto work = []() -> Coroutine<void> {
    Task<void> a;
    Task<void> b;
    a = create_task([&]() -> Coroutine<void> { co_await b; });
    b = create_task([&]() -> Coroutine<void> { co_await a; });
    co_await for_ever();
  };

  const Ending ending = end_of(work(), options());

  EXPECT_EQ(ending.error, kDeadlock);
  ASSERT_FALSE(ending.reports.empty());
  EXPECT_NE(ending.reports[0].find("waits for Task-3\n"), std::string::npos) << ending.reports[0];
  EXPECT_NE(ending.reports[0].find("waits for Task-2"), std::string::npos) << ending.reports[0];
}

TEST_P(Deadlock, CancelsAllTasksSoThatCleanUpRuns) {
  std::vector<std::string> cleaned;
  const auto stuck = [&](std::string name) -> Coroutine<void> {
    std::exception_ptr error;
    try {
      co_await for_ever();
    } catch (const CancelledError&) {
      error = std::current_exception();
    }
    co_await sleep(1ms);
    cleaned.push_back(name);
    std::rethrow_exception(error);
  };
  const auto work = [&]() -> Coroutine<void> {
    const auto child = create_task(stuck("child"));
    co_await stuck("main");
  };

  const Ending ending = end_of(work(), options());

  EXPECT_EQ(ending.error, kDeadlock);
  EXPECT_EQ(cleaned, (std::vector<std::string>{"main", "child"}));
}

TEST_P(Deadlock, EndsAProgramThatSwallowsEveryCancel) {
  const auto stubborn = []() -> Coroutine<void> {
    for (;;) {
      try {
        co_await for_ever();
      } catch (const CancelledError&) {
        continue;
      }
    }
  };

  const Ending ending = end_of(stubborn(), options());

  EXPECT_EQ(ending.error, kDeadlock);
  EXPECT_EQ(ending.reports.back(), "Task was destroyed but it is pending!");
}

TEST_P(Deadlock, IsNotReportedWhileATimerIsArmed) {
  const auto work = []() -> Coroutine<void> {
    const auto future = get_running_loop().create_future<void>();
    get_running_loop().call_later(2ms, [future] { future.set_result(); });
    co_await future;
  };

  EXPECT_EQ(end_of(work(), options()).error, "ok");
}

TEST_P(Deadlock, IsNotReportedWhileAJobRuns) {
  const auto work = []() -> Coroutine<void> {
    co_await to_thread([] { std::this_thread::sleep_for(5ms); });
  };

  EXPECT_EQ(end_of(work(), options()).error, "ok");
}

TEST_P(Deadlock, IsNotReportedWhileAForeignThreadHoldsAHandle) {
  std::thread thread;
  const auto work = [&]() -> Coroutine<void> {
    const auto future = get_running_loop().create_future<void>();
    // A future belongs to its loop's thread, so the other thread only captures its address.
    thread = std::thread([&future, handle = get_running_loop().handle()] {
      std::this_thread::sleep_for(5ms);
      handle.call_soon_threadsafe([&future] { future.set_result(); });
    });
    co_await future;
  };

  const Ending ending = end_of(work(), options());
  thread.join();

  EXPECT_EQ(ending.error, "ok");
}

TEST_P(Deadlock, IsReportedWhenAnotherThreadDropsTheLastHandle) {
  std::thread thread;
  const auto work = [&]() -> Coroutine<void> {
    std::optional<LoopHandle> handle = get_running_loop().handle();
    thread = std::thread([handle = std::move(handle)]() mutable {
      std::this_thread::sleep_for(5ms);
      handle.reset();
    });
    handle.reset();
    co_await for_ever();
  };

  const Ending ending = end_of(work(), options());
  thread.join();

  EXPECT_EQ(ending.error, kDeadlock);
}

TEST_P(Deadlock, IsNotReportedWhileAThreadWaitsForAResult) {
  std::thread thread;
  const auto work = [&]() -> Coroutine<void> {
    const auto future = get_running_loop().create_future<int>();
    const auto give = [&future]() -> Coroutine<int> { co_return co_await future; };
    thread = std::thread(
        [&give, &future, loop = std::make_optional(get_running_loop().handle())]() mutable {
          const auto result = run_coroutine_threadsafe(give(), *loop);
          std::thread other([&future, handle = *loop] {
            std::this_thread::sleep_for(5ms);
            handle.call_soon_threadsafe([&future] { future.set_result(3); });
          });
          loop.reset();
          EXPECT_EQ(result.result(), 3);
          other.join();
        });
    co_await future;
    co_await sleep(5ms);
  };

  const Ending ending = end_of(work(), options());
  thread.join();

  EXPECT_EQ(ending.error, "ok");
}

TEST_P(Deadlock, IsNotReportedWhileATaskWaitsForASignal) {
  const auto work = []() -> Coroutine<void> {
    EventLoop& loop = get_running_loop();
    const auto future = loop.create_future<void>();
    loop.add_signal_handler(SIGUSR1, [future] { future.set_result(); });
    std::thread([] {
      std::this_thread::sleep_for(5ms);
      ::kill(::getpid(), SIGUSR1);
    }).detach();
    co_await future;
    loop.remove_signal_handler(SIGUSR1);
  };

  EXPECT_EQ(end_of(work(), options()).error, "ok");
}

TEST(DeadlockOfRunUntilComplete, LeavesALoopThatCanContinue) {
  EventLoop loop;
  test::Reports reports(loop);
  const auto future = loop.create_future<int>();

  EXPECT_THROW(loop.run_until_complete(future), DeadlockError);
  EXPECT_EQ(reports.size(), 1U);
  loop.call_soon([&] { future.set_result(4); });
  EXPECT_EQ(loop.run_until_complete(future), 4);
}

TEST(DeadlockOfRunForever, IsNotReported) {
  EventLoop loop;
  test::expect_no_reports(loop);
  std::thread thread([&loop] {
    std::this_thread::sleep_for(10ms);
    loop.call_soon_threadsafe([&loop] { loop.stop(); });
  });

  loop.run_forever();
  thread.join();
}

}  // namespace
}  // namespace asyncio
