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

/// Defines a test whose body is a coroutine: main of a run() on a virtual clock. A report to the
/// loop's exception handler fails the test unless it is recorded with `Reports`.
///
/// Use EXPECT_..., for ASSERT_... returns, which a coroutine cannot.
#define ASYNC_TEST(Suite, Name)                              \
  static ::asyncio::Coroutine<void> Suite##_##Name##_body(); \
  TEST(Suite, Name) {                                        \
    ::asyncio::test::run_virtual(Suite##_##Name##_body());   \
  }                                                          \
  static ::asyncio::Coroutine<void> Suite##_##Name##_body()

namespace asyncio::test {

using namespace std::chrono_literals;

/// Whether an object can be awaited itself, and not only what its functions return.
template <class T>
concept Awaitable = requires(T object) { object.operator co_await(); };

/// What happened, in order.
using Trace = std::vector<std::string>;

/// Records what is reported to a loop's exception handler from now on, also after its own end.
class Reports {
 public:
  explicit Reports(EventLoop& loop) {
    loop.set_exception_handler(
        [all = all_](EventLoop&, const ExceptionContext& context) { all->push_back(context); });
  }

  [[nodiscard]] const std::vector<ExceptionContext>& all() const noexcept { return *all_; }
  [[nodiscard]] std::size_t size() const noexcept { return all_->size(); }

  /// Each as "message: error".
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

/// Fails the present test at each report.
void expect_no_reports(EventLoop& loop);

namespace detail {
template <class T>
Coroutine<T> without_reports(Coroutine<T> main) {
  expect_no_reports(get_running_loop());
  co_return co_await std::move(main);
}
}  // namespace detail

/// run() on a virtual clock.
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

/// Counts turns, from 0 at its making. What is scheduled after it finds its turn counted already.
/// While it lives the loop never waits: not for tests with timers.
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

/// How awaiting `awaitable` ends: "ok", or what describe() says of the error.
template <class Awaitable>
Coroutine<std::string> ending_of(Awaitable awaitable) {
  try {
    co_await std::move(awaitable);
  } catch (...) {
    co_return describe(std::current_exception());
  }
  co_return "ok";
}

/// The error that `function` throws; empty if none.
template <class F>
std::exception_ptr error_of(F&& function) {
  try {
    std::forward<F>(function)();
  } catch (...) {
    return std::current_exception();
  }
  return nullptr;
}

/// The same as describe() says it, or "ok".
template <class F>
std::string throws(F&& function) {
  const std::exception_ptr error = error_of(std::forward<F>(function));
  return error ? describe(error) : "ok";
}

/// What both say of a limit that has passed.
inline const std::string kTimedOut = "TimeoutError: timed out";

/// What `task` says it waits for; empty if it waits for nothing.
std::string waits_for(const AnyTask& task);

/// Never ends by itself.
inline Coroutine<void> for_ever() {
  co_await get_running_loop().create_future<void>();
}

/// When it is cancelled it takes `cleanup` long, and then fails.
inline Coroutine<void> fail_when_cancelled(const char* text, Duration cleanup = 0s) {
  try {
    co_await for_ever();
  } catch (const CancelledError&) {
  }
  co_await sleep(cleanup);
  throw std::runtime_error(text);
}

/// Awaits `future` in a frame of its own.
inline Coroutine<void> await_it(AnyFuture future) {
  co_await future;
}

/// A future of the running loop.
template <class T = int>
Future<T> new_future() {
  return get_running_loop().create_future<T>();
}

/// Sleeps as a coroutine: a child whose task has something to wait for.
inline Coroutine<void> nap(Duration delay) {
  co_await sleep(delay);
}

/// Gives `value` after `delay`.
inline Coroutine<int> number_after(int value, Duration delay) {
  co_await sleep(delay);
  co_return value;
}

/// Throws std::runtime_error(text) after `delay`, zero being one turn.
inline Coroutine<void> fail(std::string text, Duration delay = 0s) {
  co_await sleep(delay);
  throw std::runtime_error(text);
}

/// The milliseconds on the running loop's clock.
inline long long now_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             get_running_loop().time().time_since_epoch())
      .count();
}

/// When it is cancelled it says so, cleans up for a second, and says when that is done.
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
