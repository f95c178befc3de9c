#pragma once

#include <gtest/gtest.h>

#include <asyncio/asyncio.hpp>
#include <chrono>
#include <exception>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

/// Defines a test whose body is a coroutine, the main coroutine of a run() on a virtual clock. A
/// report to the loop's exception handler fails the test unless `Reports` records it.
///
/// Use EXPECT_... in the body: ASSERT_... contains a return statement, which a coroutine cannot
/// have.
#define ASYNC_TEST(Suite, Name)                              \
  static ::asyncio::Coroutine<void> Suite##_##Name##_body(); \
  TEST(Suite, Name) {                                        \
    ::asyncio::test::run_virtual(Suite##_##Name##_body());   \
  }                                                          \
  static ::asyncio::Coroutine<void> Suite##_##Name##_body()

namespace asyncio::test {

using namespace std::chrono_literals;

/// A type whose objects can be awaited.
template <class T>
concept Awaitable = requires(T object) { object.operator co_await(); };

/// A record of events, in order.
using Trace = std::vector<std::string>;

/// Records all reports to a loop's exception handler from its construction on. The handler stays in
/// place after the end of this object.
class Reports {
 public:
  explicit Reports(EventLoop& loop) {
    loop.set_exception_handler(
        [all = all_](EventLoop&, const ExceptionContext& context) { all->push_back(context); });
  }

  [[nodiscard]] const std::vector<ExceptionContext>& all() const noexcept { return *all_; }
  [[nodiscard]] std::size_t size() const noexcept { return all_->size(); }

  /// Returns each report as "message: error".
  [[nodiscard]] Trace texts() const {
    Trace texts;
    for (const ExceptionContext& context : *all_) {
      texts.push_back(context.message);
      if (context.exception) texts.back() += ": " + describe(context.exception);
    }
    return texts;
  }

 private:
  std::shared_ptr<std::vector<ExceptionContext>> all_ =
      std::make_shared<std::vector<ExceptionContext>>();
};

/// Fails the current test at each report to the exception handler of `loop`.
void expect_no_reports(EventLoop& loop);

namespace detail {
template <class T>
Coroutine<T> without_reports(Coroutine<T> main) {
  expect_no_reports(get_running_loop());
  co_return co_await std::move(main);
}
}  // namespace detail

/// Calls run() with a virtual clock.
template <class T>
T run_virtual(Coroutine<T> main) {
  RunOptions options;
  options.clock(ClockKind::virtual_time).handle_sigint(false);
  return run(detail::without_reports(std::move(main)), std::move(options));
}

[[nodiscard]] inline LoopOptions virtual_clock() {
  LoopOptions options;
  options.clock(ClockKind::virtual_time);
  return options;
}

/// Counts turns, starting at 0. Callbacks scheduled after its construction run in turns that are
/// already counted. The loop never waits while it exists, so it does not suit tests with timers.
class TurnCount {
 public:
  explicit TurnCount(EventLoop& loop = get_running_loop()) : loop_(loop) { schedule(); }
  TurnCount(const TurnCount&) = delete;
  TurnCount& operator=(const TurnCount&) = delete;
  ~TurnCount() { handle_.cancel(); }

  [[nodiscard]] int now() const noexcept { return turn_; }

 private:
  void schedule() {
    handle_ = loop_.call_soon([this] {
      ++turn_;
      schedule();
    });
  }

  EventLoop& loop_;
  int turn_ = 0;
  Handle handle_;
};

/// Lets `turns` turns pass.
inline Coroutine<void> pass(int turns) {
  for (int i = 0; i < turns; ++i) co_await sleep(0s);
}

/// Awaits `awaitable` and returns "ok", or its error as describe() shows it.
template <class Awaitable>
Coroutine<std::string> ending_of(Awaitable awaitable) {
  try {
    co_await std::move(awaitable);
  } catch (...) {
    co_return describe(std::current_exception());
  }
  co_return "ok";
}

/// Returns the error that `function` throws; empty if none.
template <class F>
std::exception_ptr error_of(F&& function) {
  try {
    std::forward<F>(function)();
  } catch (...) {
    return std::current_exception();
  }
  return nullptr;
}

/// Returns the error that `function` throws as describe() shows it, or "ok".
template <class F>
std::string throws(F&& function) {
  const std::exception_ptr error = error_of(std::forward<F>(function));
  return error ? describe(error) : "ok";
}

/// The error of timeout() and wait_for() after their limit, as describe() shows it.
inline const std::string kTimedOut = "TimeoutError: timed out";

/// Returns the description of what `task` waits for; empty if it waits for nothing.
std::string waits_for(const AnyTask& task);

/// Never ends on its own.
inline Coroutine<void> for_ever() {
  co_await get_running_loop().create_future<void>();
}

/// Waits until it is cancelled, takes `cleanup` to clean up, and then fails.
inline Coroutine<void> fail_when_cancelled(const char* text, Duration cleanup = 0s) {
  try {
    co_await for_ever();
  } catch (const CancelledError&) {
  }
  co_await sleep(cleanup);
  throw std::runtime_error(text);
}

/// Awaits `future` in its own frame.
inline Coroutine<void> await_it(AnyFuture future) {
  co_await future;
}

/// Creates a future on the running loop.
template <class T = int>
Future<T> new_future() {
  return get_running_loop().create_future<T>();
}

/// Sleeps in its own frame: a child for tests that need a task that waits.
inline Coroutine<void> nap(Duration delay) {
  co_await sleep(delay);
}

/// Returns `value` after `delay`.
inline Coroutine<int> number_after(int value, Duration delay) {
  co_await sleep(delay);
  co_return value;
}

/// Throws std::runtime_error(text) after `delay`; zero means one turn.
inline Coroutine<void> fail(std::string text, Duration delay = 0s) {
  co_await sleep(delay);
  throw std::runtime_error(text);
}

/// Returns the time of the running loop in milliseconds.
inline long long now_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             get_running_loop().time().time_since_epoch())
      .count();
}

/// Waits until it is cancelled, notes that, cleans up for a second, and notes when that is done.
inline Coroutine<void> wait_and_say(Trace* trace, std::string name) {
  try {
    co_await for_ever();
  } catch (const CancelledError&) {
    trace->push_back(name + " cancelled");
  }
  co_await sleep(1s);
  trace->push_back(name + " has cleaned up at " + std::to_string(now_ms()));
}

}  // namespace asyncio::test
