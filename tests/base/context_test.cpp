#include "asyncio/base/context.hpp"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "support/async_test.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using test::pass;
using test::throws;

const ContextVar<int> number("number", 0);
const ContextVar<std::string> unset("unset");

TEST(ContextVar, ReturnsItsValueItsDefaultOrAFallback) {
  const ContextVar<std::string> name("name", "nobody");

  EXPECT_EQ(name.get(), "nobody");
  EXPECT_EQ(unset.get("fallback"), "fallback");
  EXPECT_EQ(throws([] { (void)unset.get(); }),
            "LookupError: context variable 'unset' has no value");

  Context().run([&] {
    (void)name.set("somebody");
    EXPECT_EQ(name.get(), "somebody");
  });
  EXPECT_EQ(name.get(), "nobody");
}

TEST(ContextVar, RestoresItsPreviousValueOncePerToken) {
  Context().run([] {
    auto first = number.set(1);
    auto second = number.set(2);

    EXPECT_FALSE(first.old_value());
    EXPECT_EQ(second.old_value(), 1);
    number.reset(second);
    EXPECT_EQ(number.get(), 1);
    number.reset(first);
    EXPECT_EQ(number.get(-1), -1);
    EXPECT_EQ(throws([&] { number.reset(first); }),
              "RuntimeError: the token has been used already");
  });
}

TEST(ContextVar, RefusesATokenFromAnotherVariableOrContext) {
  const ContextVar<int> other("other");
  Context().run([&] {
    auto token = number.set(1);

    EXPECT_EQ(throws([&] { other.reset(token); }),
              "ValueError: the token is of another context variable");
    Context().run([&] {
      EXPECT_EQ(throws([&] { number.reset(token); }),
                "ValueError: the token was made in another context");
    });
    number.reset(token);
    EXPECT_EQ(number.get(), 0);
  });
}

TEST(Context, KeepsValuesSetInIt) {
  const Context context;

  context.run([] { (void)number.set(5); });

  EXPECT_EQ(context.run([] { return number.get(); }), 5);
  EXPECT_EQ(context.size(), 1U);
  EXPECT_EQ(number.get(), 0);
}

TEST(Context, HasIndependentCopies) {
  const Context context;
  context.run([] { (void)number.set(1); });

  const Context copy = context.run([] { return copy_context(); });
  copy.run([] { (void)number.set(2); });

  EXPECT_EQ(context.run([] { return number.get(); }), 1);
  EXPECT_EQ(copy.run([] { return number.get(); }), 2);
  EXPECT_FALSE(copy == context);
}

TEST(Context, IsSeparateForEachThread) {
  int seen = -1;
  std::thread thread([&] {
    (void)number.set(7);
    seen = number.get();
  });
  thread.join();

  EXPECT_EQ(seen, 7);
  EXPECT_EQ(number.get(), 0);
}

ASYNC_TEST(Context, IsCopiedForEachTask) {  // B185
  (void)number.set(1);
  std::vector<int> seen;
  const auto child = [&]() -> Coroutine<void> {
    seen.push_back(number.get());
    (void)number.set(2);
    co_await pass(2);
    seen.push_back(number.get());
  };
  const auto task = create_task(child());
  (void)number.set(3);

  co_await pass(1);
  seen.push_back(number.get());
  co_await task;

  EXPECT_EQ(seen, (std::vector<int>{1, 3, 2}));
}

ASYNC_TEST(Context, IsCopiedForEachCallback) {  // B186
  (void)number.set(1);
  std::vector<int> seen;
  const auto note_and_set = [&] {
    seen.push_back(number.get());
    (void)number.set(99);
  };
  const auto future = get_running_loop().create_future<void>();
  get_running_loop().call_soon(note_and_set);
  get_running_loop().call_later(1s, note_and_set);
  future.add_done_callback(note_and_set);
  (void)number.set(2);
  future.set_result();

  co_await sleep(2s);

  EXPECT_EQ(seen, (std::vector<int>{1, 1, 1}));
  EXPECT_EQ(number.get(), 2);
}

ASYNC_TEST(Context, StaysSeparateAcrossManyTasks) {  // B187
  int mixed = 0;
  const auto work = [&](int id) -> Coroutine<void> {
    (void)number.set(id);
    for (int i = 0; i < 5; ++i) {
      co_await sleep(Duration((id * 7919 + i * 104729) % 1000));
      if (number.get() != id) ++mixed;
    }
  };
  std::vector<Coroutine<void>> all;
  for (int id = 0; id < 100; ++id) all.push_back(work(id));

  co_await gather(std::move(all));

  EXPECT_EQ(mixed, 0);
}

ASYNC_TEST(Context, CanBeSharedByTasks) {  // B188
  const Context shared;
  const auto add_one = []() -> Coroutine<int> {
    co_await sleep(0s);
    (void)number.set(number.get() + 1);
    co_return number.get();
  };

  const int first = co_await create_task(add_one(), TaskOptions().context(shared));
  const int second = co_await create_task(add_one(), TaskOptions().context(shared));

  EXPECT_EQ(first, 1);
  EXPECT_EQ(second, 2);
  EXPECT_EQ(number.get(), 0);
}

ASYNC_TEST(Context, IsReturnedByItsTask) {  // B189
  const Context context;
  const auto with = create_task(pass(1), TaskOptions().context(context));
  (void)number.set(4);
  const auto without = create_task(pass(1));

  EXPECT_TRUE(with.get_context() == context);
  EXPECT_EQ(without.get_context().run([] { return number.get(); }), 4);
  co_await with;
  co_await without;
}

ASYNC_TEST(Context, IsCurrentWhileAFailedCallbackIsReported) {  // B190
  int seen = -1;
  get_running_loop().set_exception_handler(
      [&](EventLoop&, const ExceptionContext&) { seen = number.get(); });
  get_running_loop().call_soon([] {
    (void)number.set(8);
    throw ValueError("bad");
  });

  co_await pass(1);

  EXPECT_EQ(seen, 8);
}

ASYNC_TEST(Context, IsCurrentWhileAFailedTaskIsReported) {  // B60
  int seen = -1;
  get_running_loop().set_exception_handler(
      [&](EventLoop&, const ExceptionContext&) { seen = number.get(); });
  const auto fail = []() -> Coroutine<void> {
    (void)number.set(8);
    throw ValueError("bad");
    co_return;
  };
  (void)create_task(fail());

  co_await pass(2);

  EXPECT_EQ(seen, 8);
}

ASYNC_TEST(Context, IsCopiedForAnEagerTask) {  // B196
  (void)number.set(1);
  std::vector<int> seen;
  const auto work = [&]() -> Coroutine<void> {
    seen.push_back(number.get());
    (void)number.set(2);
    co_await sleep(0s);
    seen.push_back(number.get());
  };

  const auto task = create_task(work(), TaskOptions().eager_start(true));
  seen.push_back(number.get());
  co_await task;

  EXPECT_EQ(seen, (std::vector<int>{1, 1, 2}));
}

ASYNC_TEST(Context, IsCopiedForToThread) {  // B334
  (void)number.set(6);

  const int seen = co_await to_thread([] {
    const int before = number.get();
    (void)number.set(7);
    return before;
  });

  EXPECT_EQ(seen, 6);
  EXPECT_EQ(number.get(), 6);
}

}  // namespace
}  // namespace asyncio
