// The SIGINT handler of run(): when it is installed, and when it leaves SIGINT to another handler.

#include <gtest/gtest.h>

#include <csignal>
#include <thread>
#include <utility>

#include "asyncio/run/run.hpp"
#include "run/interrupt_support.hpp"
#include "support/async_test.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using test::for_ever;
using test::interrupt_and;
using test::number_after;
using test::sigint_has;
using test::throws;

volatile std::sig_atomic_t interrupts = 0;

void count_interrupt(int /*number*/) {
  interrupts = interrupts + 1;
}

/// Counts SIGINTs with a handler of sigaction() for its lifetime.
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

TEST(RunInterrupt, RestoresTheDisposition) {
  bool handled = false;
  const auto main = [&]() -> Coroutine<void> {
    handled = !sigint_has(SIG_DFL);
    co_return;
  };

  run(main());

  EXPECT_TRUE(handled);
  EXPECT_TRUE(sigint_has(SIG_DFL));
}

TEST(RunInterrupt, RestoresTheDispositionAfterAnInterrupt) {
  EXPECT_EQ(throws([&] { run(interrupt_and(for_ever())); }), "KeyboardInterrupt");

  EXPECT_TRUE(sigint_has(SIG_DFL));
}

TEST(RunInterrupt, IsLeftToAHandlerOfTheProgram) {  // B354
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

TEST(RunInterrupt, IsLeftAloneIfTheOptionsDisableIt) {
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

TEST(RunInterrupt, GoesToAHandlerThatMainInstalls) {
  int calls = 0;
  const auto main = [&]() -> Coroutine<void> {
    get_running_loop().add_signal_handler(SIGINT, [&] { ++calls; });
    co_await interrupt_and(test::pass(2));
  };

  run(main());

  EXPECT_EQ(calls, 1);
  EXPECT_TRUE(sigint_has(SIG_DFL));
}

}  // namespace
}  // namespace asyncio
