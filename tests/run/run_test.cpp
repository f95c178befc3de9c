#include "asyncio/run/run.hpp"

#include <gtest/gtest.h>
#include <pthread.h>

#include <atomic>
#include <csignal>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "support/async_test.hpp"
#include "support/live.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using test::for_ever;
using test::LiveCount;
using test::number_after;
using test::run_virtual;
using test::throws;
using test::Trace;

// --- Results ---

TEST(Run, GivesTheValueOfMain) {  // B342
  EXPECT_EQ(run(number_after(7, 0s)), 7);
}

TEST(Run, EndsWithoutAValueIfMainHasNone) {
  bool ran = false;
  const auto main = [&]() -> Coroutine<void> {
    ran = true;
    co_return;
  };

  run(main());

  EXPECT_TRUE(ran);
}

TEST(Run, GivesAValueThatCannotBeCopied) {
  const auto main = []() -> Coroutine<std::unique_ptr<int>> { co_return std::make_unique<int>(7); };

  EXPECT_EQ(*run(main()), 7);
}

TEST(Run, GivesTheReferenceThatMainReturns) {
  int number = 0;
  const auto main = [&]() -> Coroutine<int&> { co_return number; };

  EXPECT_EQ(&run(main()), &number);
}

TEST(Run, ThrowsTheErrorOfMain) {  // B342
  const auto main = []() -> Coroutine<void> {
    test::expect_no_reports(get_running_loop());
    co_await sleep(0s);
    throw std::runtime_error("no luck");
  };

  EXPECT_EQ(throws([&] { run(main()); }), "std::runtime_error: no luck");
}

TEST(Run, ThrowsCancelledErrorIfMainIsCancelled) {
  const auto main = []() -> Coroutine<void> {
    current_task()->cancel("enough");
    co_await sleep(0s);
  };

  EXPECT_EQ(throws([&] { run(main()); }), "CancelledError: enough");
}

TEST(Run, GivesMainTheFirstNameOfItsLoop) {
  const auto main = []() -> Coroutine<std::string> { co_return current_task()->get_name(); };

  EXPECT_EQ(run(main()), "Task-1");
  EXPECT_EQ(run(main()), "Task-1");
}

TEST(Run, DestroysMainAndItsResultInTime) {
  LiveCount objects;
  const auto main = [&]() -> Coroutine<test::Live> {
    const test::Live local = objects.make();
    co_await sleep(0s);
    co_return objects.make();
  };

  {
    const test::Live result = run(main());
    EXPECT_EQ(objects.alive(), 1);
  }

  EXPECT_EQ(objects.alive(), 0);
}

// --- Loops ---

TEST(Run, IsRefusedWhereALoopRuns) {  // B344
  const auto main = []() -> Coroutine<std::string> {
    co_return throws([] { (void)run(number_after(7, 0s)); });
  };

  EXPECT_EQ(run(main()), "RuntimeError: asyncio.run() cannot be called from a running event loop");
}

TEST(Run, ClosesItsLoop) {
  const auto main = []() -> Coroutine<LoopHandle> { co_return get_running_loop().handle(); };

  EXPECT_TRUE(run(main()).is_closed());
  EXPECT_EQ(find_running_loop(), nullptr);
}

TEST(Run, ClosesItsLoopAlsoIfMainFails) {
  std::optional<LoopHandle> handle;
  const auto main = [&]() -> Coroutine<void> {
    handle = get_running_loop().handle();
    throw std::runtime_error("no luck");
    co_return;
  };

  EXPECT_NE(throws([&] { run(main()); }), "ok");

  EXPECT_TRUE(handle->is_closed());
}

TEST(Run, MakesTheLoopThatItsOptionsAskFor) {
  const auto main = []() -> Coroutine<bool> { co_return get_running_loop().has_virtual_clock(); };
  RunOptions whole_loop;
  whole_loop.loop(test::virtual_clock());
  RunOptions only_clock;
  only_clock.clock(ClockKind::virtual_time);

  EXPECT_FALSE(run(main()));
  EXPECT_TRUE(run(main(), std::move(whole_loop)));
  EXPECT_TRUE(run(main(), std::move(only_clock)));
}

TEST(Run, MayRunInSeveralThreadsAtOnce) {
  const auto main = [](int given) -> Coroutine<int> {
    co_await sleep(1ms);
    co_return co_await to_thread([](int value) { return value; }, given);
  };

  int other = 0;
  std::thread thread([&] { other = run(main(1)); });
  const int own = run(main(2));
  thread.join();

  EXPECT_EQ(own, 2);
  EXPECT_EQ(other, 1);
}

TEST(Run, MayRunInAWorkerOfAnother) {
  const auto main = []() -> Coroutine<int> {
    co_return co_await to_thread([] { return run(number_after(7, 0s)); });
  };

  EXPECT_EQ(run(main()), 7);
}

// --- What is left when main ends ---

Coroutine<void> wait_and_say(Trace* trace, std::string name) {
  try {
    co_await for_ever();
  } catch (const CancelledError&) {
    trace->push_back(name + " cancelled");
  }
  co_await sleep(1s);
  trace->push_back(name + " has cleaned up at " + std::to_string(test::now_ms()));
}

TEST(Run, CancelsTheOtherTasksInTheirOrderAndLetsThemCleanUp) {  // B346
  Trace trace;
  const auto main = [&]() -> Coroutine<void> {
    (void)create_task(wait_and_say(&trace, "first"));
    (void)create_task(wait_and_say(&trace, "second"));
    co_await sleep(1s);
    trace.push_back("main ends");
  };

  run_virtual(main());

  EXPECT_EQ(trace, (Trace{"main ends", "first cancelled", "second cancelled",
                          "first has cleaned up at 2000", "second has cleaned up at 2000"}));
}

TEST(Run, CancelsTheOtherTasksAlsoIfMainFails) {
  Trace trace;
  const auto main = [&]() -> Coroutine<void> {
    (void)create_task(wait_and_say(&trace, "task"));
    co_await sleep(1s);
    throw std::runtime_error("no luck");
  };

  EXPECT_EQ(throws([&] { run_virtual(main()); }), "std::runtime_error: no luck");

  EXPECT_EQ(trace, (Trace{"task cancelled", "task has cleaned up at 2000"}));
}

TEST(Run, LetsATaskBeginThatMainHasJustMade) {
  bool started = false;
  const auto start = [&]() -> Coroutine<void> {
    started = true;
    co_await for_ever();
  };
  const auto main = [&]() -> Coroutine<void> {
    co_await sleep(0s);
    (void)create_task(start());
  };

  run_virtual(main());

  EXPECT_TRUE(started);  // in the turn in which main's end stops the loop
}

Coroutine<void> fail_when_cancelled() {
  try {
    co_await for_ever();
  } catch (const CancelledError&) {
    throw std::runtime_error("in clean-up");
  }
}

TEST(Run, ReportsTheErrorsThatItMeetsAtItsEndAndGivesTheValue) {  // B347
  std::optional<test::Reports> reports;
  const auto main = [&]() -> Coroutine<int> {
    reports.emplace(get_running_loop());
    (void)create_task(fail_when_cancelled(), "cleaner");
    (void)create_task(for_ever());
    co_await sleep(0s);
    co_return 7;
  };

  EXPECT_EQ(run(main()), 7);

  EXPECT_EQ(reports->texts(), Trace{"unhandled exception during asyncio.run() shutdown: "
                                    "std::runtime_error: in clean-up"});
  EXPECT_EQ(reports->all().front().task_name, "cleaner");
}

TEST(Run, LeavesATaskAloneThatRefusesToBeCancelled) {
  bool ended = false;
  const auto stubborn = [&]() -> Coroutine<void> {
    try {
      co_await for_ever();
    } catch (const CancelledError&) {
    }
    co_await sleep(5s);
    ended = true;
  };
  const auto main = [&]() -> Coroutine<void> {
    (void)create_task(stubborn());
    co_await sleep(0s);
  };

  run_virtual(main());

  EXPECT_TRUE(ended);
}

TEST(Run, GivesTheValueThoughACycleOfTasksIsLeftThatCannotBeCancelled) {
  std::optional<test::Reports> reports;
  std::vector<Task<void>> cycle(2);
  const auto await_task = [&](std::size_t index) -> Coroutine<void> { co_await cycle[index]; };
  const auto main = [&]() -> Coroutine<int> {
    reports.emplace(get_running_loop());
    for (std::size_t i = 0; i < 2; ++i) cycle[i] = create_task(await_task(1 - i));
    co_await sleep(1s);
    co_return 7;
  };

  EXPECT_EQ(run_virtual(main()), 7);

  EXPECT_EQ(reports->size(), 4U);  // each is reported as not cancelled, and as destroyed
}

TEST(Run, DestroysATaskThatCleanUpStartsAndThatDoesNotEnd) {
  std::optional<test::Reports> reports;
  const auto starter = []() -> Coroutine<void> {
    try {
      co_await for_ever();
    } catch (const CancelledError&) {
      (void)create_task(for_ever(), "late");
      throw;
    }
  };
  const auto main = [&]() -> Coroutine<void> {
    reports.emplace(get_running_loop());
    (void)create_task(starter());
    co_await sleep(0s);
  };

  run(main());

  EXPECT_EQ(reports->texts(), Trace{"Task was destroyed but it is pending!"});
}

TEST(Run, WaitsForTheDefaultExecutor) {
  std::atomic<bool> ended = false;
  const auto main = [&]() -> Coroutine<void> {
    (void)run_in_executor([&] {
      std::this_thread::sleep_for(5ms);
      ended = true;
    });
    co_return;
  };

  run(main());

  EXPECT_TRUE(ended);
}

TEST(Run, EndsThoughItsExecutorHasBeenShutDown) {
  const auto main = []() -> Coroutine<int> {
    co_await to_thread([] {});
    co_await shutdown_default_executor();
    co_return 7;
  };

  EXPECT_EQ(run(main()), 7);
}

TEST(Run, ThrowsWhenMainStopsTheLoop) {
  Trace trace;
  const auto main = [&]() -> Coroutine<void> {
    get_running_loop().stop();
    co_await wait_and_say(&trace, "main");
  };

  EXPECT_EQ(throws([&] { run_virtual(main()); }),
            "RuntimeError: Event loop stopped before Future completed.");

  EXPECT_EQ(trace, (Trace{"main cancelled", "main has cleaned up at 1000"}));
}

// --- Exits ---

Coroutine<void> exit_with(int code) {
  co_await sleep(1s);
  throw SystemExit(code);
}

TEST(Run, ThrowsAnExitOfMainAfterACleanEnd) {
  Trace trace;
  const auto main = [&]() -> Coroutine<void> {
    (void)create_task(wait_and_say(&trace, "task"));
    co_await exit_with(3);
  };

  EXPECT_EQ(throws([&] { run_virtual(main()); }), "SystemExit: 3");

  EXPECT_EQ(trace, (Trace{"task cancelled", "task has cleaned up at 2000"}));
}

TEST(Run, ThrowsAnExitOfATaskAfterMainHasCleanedUp) {
  Trace trace;
  Task<void> task;
  const auto main = [&]() -> Coroutine<void> {
    task = create_task(exit_with(3));
    co_await wait_and_say(&trace, "main");
  };

  EXPECT_EQ(throws([&] { run_virtual(main()); }), "SystemExit: 3");

  EXPECT_EQ(trace, (Trace{"main cancelled", "main has cleaned up at 2000"}));
}

TEST(Run, ReportsAnExitOfATaskThatNobodyRetrieves) {  // as CPython does
  std::optional<test::Reports> reports;
  RunOptions options;
  options.clock(ClockKind::virtual_time);
  const auto main = [&]() -> Coroutine<void> {
    reports.emplace(get_running_loop());
    (void)create_task(exit_with(3));
    co_await for_ever();
  };

  EXPECT_EQ(throws([&] { run(main(), std::move(options)); }), "SystemExit: 3");

  EXPECT_EQ(reports->texts(), Trace{"Task exception was never retrieved: SystemExit: 3"});
}

TEST(Run, ThrowsAnExitOfACallbackAfterMainHasCleanedUp) {
  Trace trace;
  const auto main = [&]() -> Coroutine<void> {
    get_running_loop().call_later(1s, [] { throw KeyboardInterrupt(); });
    co_await wait_and_say(&trace, "main");
  };

  EXPECT_EQ(throws([&] { run_virtual(main()); }), "KeyboardInterrupt");

  EXPECT_EQ(trace, (Trace{"main cancelled", "main has cleaned up at 2000"}));
}

TEST(Run, ThrowsAnExitThatAWorkerPassedToMain) {
  const auto main = []() -> Coroutine<void> { co_await to_thread([] { throw SystemExit(3); }); };

  EXPECT_EQ(throws([&] { run_virtual(main()); }), "SystemExit: 3");
}

TEST(Run, ClosesItsLoopAlsoIfCleanUpExits) {
  std::optional<LoopHandle> handle;
  const auto exit_when_cancelled = []() -> Coroutine<void> {
    try {
      co_await for_ever();
    } catch (const CancelledError&) {
      throw SystemExit(4);
    }
  };
  Task<void> task;
  const auto main = [&]() -> Coroutine<void> {
    handle = get_running_loop().handle();
    task = create_task(exit_when_cancelled());
    co_await sleep(0s);
  };

  EXPECT_EQ(throws([&] { run_virtual(main()); }), "SystemExit: 4");

  EXPECT_TRUE(handle->is_closed());
}

// --- SIGINT ---

bool sigint_has(void (*handler)(int)) {
  struct sigaction present{};
  return ::sigaction(SIGINT, nullptr, &present) == 0 && present.sa_handler == handler;
}

volatile std::sig_atomic_t interrupts = 0;

void count_interrupt(int /*number*/) {
  interrupts = interrupts + 1;
}

/// Handles SIGINT in the old way for as long as it lives.
class InterruptCounter {
 public:
  InterruptCounter() {
    interrupts = 0;
    struct sigaction action{};
    action.sa_handler = count_interrupt;
    EXPECT_EQ(::sigaction(SIGINT, &action, &before_), 0);
  }
  InterruptCounter(const InterruptCounter&) = delete;
  InterruptCounter& operator=(const InterruptCounter&) = delete;
  ~InterruptCounter() { EXPECT_EQ(::sigaction(SIGINT, &before_, nullptr), 0); }

 private:
  struct sigaction before_{};
};

Coroutine<void> interrupt_and(Coroutine<void> go_on) {
  EXPECT_EQ(::raise(SIGINT), 0);
  co_await std::move(go_on);
}

TEST(RunInterrupt, CancelsMainAndLeavesAsKeyboardInterrupt) {  // B352
  EXPECT_EQ(throws([&] { run(interrupt_and(for_ever())); }), "KeyboardInterrupt");
}

TEST(RunInterrupt, CancelsAMainThatOnlyYields) {  // B352
  const auto yield_for_ever = []() -> Coroutine<void> {
    for (;;) co_await sleep(0s);
  };

  EXPECT_EQ(throws([&] { run(interrupt_and(yield_for_ever())); }), "KeyboardInterrupt");
}

TEST(RunInterrupt, LetsMainAndTheOtherTasksCleanUp) {
  Trace trace;
  RunOptions options;
  options.clock(ClockKind::virtual_time);
  const auto main = [&]() -> Coroutine<void> {
    (void)create_task(wait_and_say(&trace, "task"));
    co_await sleep(1s);
    EXPECT_EQ(::raise(SIGINT), 0);
    try {
      co_await for_ever();
    } catch (const CancelledError&) {
      trace.push_back("main cancelled");
      throw;
    }
  };

  EXPECT_EQ(throws([&] { run(main(), std::move(options)); }), "KeyboardInterrupt");

  EXPECT_EQ(trace, (Trace{"main cancelled", "task cancelled", "task has cleaned up at 2000"}));
}

TEST(RunInterrupt, ReachesMainFromAnotherTask) {
  const auto main = []() -> Coroutine<void> {
    (void)create_task(interrupt_and(for_ever()));
    co_await for_ever();
  };

  EXPECT_EQ(throws([&] { run(main()); }), "KeyboardInterrupt");
}

TEST(RunInterrupt, WakesALoopThatWaits) {
  const pthread_t main_thread = ::pthread_self();
  std::thread sender([main_thread] {
    while (sigint_has(SIG_DFL)) std::this_thread::yield();  // until run() listens
    std::this_thread::sleep_for(5ms);
    EXPECT_EQ(::pthread_kill(main_thread, SIGINT), 0);
  });

  const auto main = []() -> Coroutine<void> { co_await sleep(1h); };
  EXPECT_EQ(throws([&] { run(main()); }), "KeyboardInterrupt");

  sender.join();
}

TEST(RunInterrupt, ReachesARunWhoseMainWaitsForAWorker) {
  std::atomic<bool> begun = false;
  std::atomic<bool> ended = false;
  const auto main = [&]() -> Coroutine<void> {
    auto working = run_in_executor([&] {
      begun = true;
      std::this_thread::sleep_for(5ms);
      ended = true;
    });
    while (!begun) std::this_thread::yield();
    EXPECT_EQ(::raise(SIGINT), 0);
    co_await working;
  };

  EXPECT_EQ(throws([&] { run(main()); }), "KeyboardInterrupt");

  EXPECT_TRUE(ended);
}

TEST(RunInterrupt, RefusesCoroutinesOfOtherThreadsFromThenOn) {
  Trace trace;
  const auto main = [&]() -> Coroutine<void> {
    const LoopHandle handle = get_running_loop().handle();
    EXPECT_EQ(::raise(SIGINT), 0);
    try {
      co_await for_ever();
    } catch (const CancelledError&) {
    }
    co_await to_thread([&] {
      const auto refused = run_coroutine_threadsafe(number_after(7, 0s), handle);
      trace.push_back(throws([&] { (void)refused.result(); }));
    });
  };

  run(main());

  EXPECT_EQ(trace, Trace{"CancelledError"});
}

TEST(RunInterrupt, IsForgottenIfMainReturnsAValueAllTheSame) {
  const auto main = []() -> Coroutine<int> {
    EXPECT_EQ(::raise(SIGINT), 0);
    try {
      co_await for_ever();
    } catch (const CancelledError&) {
    }
    co_return 7;
  };

  EXPECT_EQ(run(main()), 7);
}

TEST(RunInterrupt, YieldsToAnotherErrorOfMain) {
  const auto main = []() -> Coroutine<void> {
    EXPECT_EQ(::raise(SIGINT), 0);
    co_await fail_when_cancelled();
  };

  EXPECT_EQ(throws([&] { run(main()); }), "std::runtime_error: in clean-up");
}

TEST(RunInterrupt, YieldsToACancelThatMainHasHadBesides) {  // B353
  const auto main = []() -> Coroutine<void> {
    EXPECT_EQ(::raise(SIGINT), 0);
    try {
      co_await for_ever();
    } catch (const CancelledError&) {
      current_task()->cancel();
      throw;
    }
  };

  EXPECT_EQ(throws([&] { run(main()); }), "CancelledError");
}

TEST(RunInterrupt, IsNotLostInTheLastStepOfMain) {
  const auto main = []() -> Coroutine<int> {
    EXPECT_EQ(::raise(SIGINT), 0);
    co_return 7;
  };

  EXPECT_EQ(throws([&] { (void)run(main()); }), "KeyboardInterrupt");
}

TEST(RunInterrupt, PutsTheDispositionBack) {
  bool handled = false;
  const auto main = [&]() -> Coroutine<void> {
    handled = !sigint_has(SIG_DFL);
    co_return;
  };

  run(main());

  EXPECT_TRUE(handled);
  EXPECT_TRUE(sigint_has(SIG_DFL));
}

TEST(RunInterrupt, PutsTheDispositionBackAfterAnInterrupt) {
  EXPECT_EQ(throws([&] { run(interrupt_and(for_ever())); }), "KeyboardInterrupt");

  EXPECT_TRUE(sigint_has(SIG_DFL));
}

TEST(RunInterrupt, IsLeftToTheHandlerThatTheProgramHas) {  // B354
  const InterruptCounter counter;

  run(interrupt_and(test::pass(2)));

  EXPECT_EQ(interrupts, 1);
  EXPECT_TRUE(sigint_has(count_interrupt));
}

TEST(RunInterrupt, IsLeftAloneIfTheProgramIgnoresIt) {
  struct sigaction ignore{};
  struct sigaction before{};
  ignore.sa_handler = SIG_IGN;
  ASSERT_EQ(::sigaction(SIGINT, &ignore, &before), 0);

  EXPECT_EQ(throws([] { run(interrupt_and(test::pass(2))); }), "ok");

  EXPECT_TRUE(sigint_has(SIG_IGN));
  ASSERT_EQ(::sigaction(SIGINT, &before, nullptr), 0);
}

TEST(RunInterrupt, IsLeftAloneIfTheOptionsSaySo) {
  RunOptions options;
  options.handle_sigint(false);
  bool untouched = false;
  const auto main = [&]() -> Coroutine<void> {
    untouched = sigint_has(SIG_DFL);
    co_return;
  };

  run(main(), std::move(options));

  EXPECT_TRUE(untouched);
}

TEST(RunInterrupt, IsLeftAloneByARunOnAnotherThread) {
  bool untouched = false;
  const auto main = [&]() -> Coroutine<void> {
    untouched = sigint_has(SIG_DFL);
    co_return;
  };

  std::thread([&] { run(main()); }).join();

  EXPECT_TRUE(untouched);
}

TEST(RunInterrupt, IsLeftToAnotherLoopThatListensToSignals) {
  EventLoop other;
  other.add_signal_handler(SIGUSR2, [] {});

  EXPECT_EQ(run(number_after(7, 0s)), 7);
}

TEST(RunInterrupt, GoesToTheHandlerThatMainPutsInItsPlace) {
  int calls = 0;
  const auto main = [&]() -> Coroutine<void> {
    get_running_loop().add_signal_handler(SIGINT, [&] { ++calls; });
    co_await interrupt_and(test::pass(2));
  };

  run(main());

  EXPECT_EQ(calls, 1);
  EXPECT_TRUE(sigint_has(SIG_DFL));
}

TEST(RunInterruptDeathTest, EndsTheProcessTheSecondTime) {
  const auto main = []() -> Coroutine<void> {
    EXPECT_EQ(::raise(SIGINT), 0);
    try {
      co_await for_ever();
    } catch (const CancelledError&) {
      ::raise(SIGINT);
    }
  };

  EXPECT_EXIT(run(main()), testing::KilledBySignal(SIGINT), "");
}

TEST(RunInterruptDeathTest, EndsTheProcessOnceMainHasEnded) {
  const auto raise_when_cancelled = []() -> Coroutine<void> {
    try {
      co_await for_ever();
    } catch (const CancelledError&) {
      ::raise(SIGINT);
    }
  };
  const auto main = [&]() -> Coroutine<void> {
    (void)create_task(raise_when_cancelled());
    co_await sleep(0s);
  };

  EXPECT_EXIT(run(main()), testing::KilledBySignal(SIGINT), "");
}

}  // namespace
}  // namespace asyncio
