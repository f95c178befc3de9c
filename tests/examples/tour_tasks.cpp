// Tasks and futures: names, options, waiting for several, time limits, callbacks, contexts.
#include <asyncio/asyncio.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "expect.hpp"

namespace aio = asyncio;
using namespace std::chrono_literals;

namespace {

aio::Coroutine<int> number(int value, aio::Duration time) {
  co_await aio::sleep(time);
  co_return value;
}

aio::Coroutine<int> refuse() {
  throw aio::RuntimeError("refused");
  co_return 0;
}

/// Returns the name of a typed or untyped task.
template <class Handle>
std::string title(const aio::TaskInterface<Handle>& task) {
  return task.get_name();
}

aio::Coroutine<void> names_and_options() {
  aio::TaskOptions options;
  options.name("one").eager_start(true);
  aio::Task<int> one = aio::create_task(number(1, 1s), options);  // already sleeping
  aio::Task<int> two = aio::ensure_future(number(2, 1s));
  const std::optional<aio::AnyTask> self = aio::current_task();
  expect(title(one) == "one" && title(*self) == "Task-1");
  const std::vector<aio::AnyTask> all = aio::all_tasks();
  expect(all.size() == 3 && all.back() == two);
  const int sum = co_await one + co_await two;
  expect(sum == 3 && aio::to_string(two).starts_with("<Task 'Task-2' finished result=2"));
}

aio::Coroutine<void> eager_tasks() {
  aio::EventLoop& loop = aio::get_running_loop();
  loop.set_task_factory(aio::eager_task_factory);
  const aio::Task<int> task = aio::create_task(number(1, 0s));
  loop.set_task_factory(nullptr);
  expect(!task.done());  // it has reached its sleep
  expect(co_await task == 1);
}

aio::Coroutine<void> some_of_several() {
  const std::vector<aio::Task<int>> tasks{aio::create_task(number(1, 1s)),
                                          aio::create_task(number(2, 5s))};
  aio::WaitOptions options;
  options.timeout = 2s;
  const aio::WaitResult<aio::Task<int>> found = co_await aio::wait(tasks, options);
  expect(found.done == std::vector{tasks[0]} && found.pending == std::vector{tasks[1]});

  const aio::AsCompleted<aio::Task<int>> finished = aio::as_completed(tasks);
  const std::optional<aio::Task<int>> first = co_await finished.next();
  const std::optional<aio::Task<int>> second = co_await finished.next();
  expect(first->result() == 1 && second->result() == 2);
}

/// Shows that the children's errors are returned as results.
aio::Coroutine<void> errors_as_results() {
  const aio::ReturnExceptions mode = aio::return_exceptions;
  const auto ends = co_await aio::gather(mode, refuse(), number(2, 1s));
  const aio::Result<int>& first = std::get<0>(ends);
  const aio::Result<int>& second = std::get<1>(ends);
  expect(!first && aio::describe(first.error()) == "RuntimeError: refused");
  expect(second.value() == 2);
}

/// Applies two limits to one call: a point in time and a duration.
aio::Coroutine<int> limited(aio::TimeLimit limit) {
  const aio::TimePoint end =
      aio::add_saturated(aio::get_running_loop().time(), aio::to_duration(1.5s));
  const auto body = [=]() -> aio::Coroutine<int> {
    co_return co_await aio::wait_for(number(7, 1s), limit);
  };
  co_return co_await aio::timeout_at(end, body);
}

aio::Coroutine<void> futures() {
  aio::EventLoop& loop = aio::get_running_loop();
  const aio::Future<int> answer = loop.create_future<int>();
  int called = 0;
  const aio::AnyFuture any = answer;
  any.add_done_callback([&called] { ++called; });
  const aio::TimerHandle timer = loop.call_later(1s, [answer] { answer.set_result(42); });
  aio::Handle dropped = loop.call_soon([&called] { called += 100; });
  dropped.cancel();
  expect(!timer.cancelled() && dropped.cancelled() && timer.when() == loop.time() + 1s);

  expect(co_await answer == 42);
  expect(called == 1 && aio::to_string(answer).starts_with("<Future finished result=42"));
  bool refused = false;
  try {
    answer.set_result(43);
  } catch (const aio::InvalidStateError&) {
    refused = true;
  }
  expect(refused);
}

const aio::ContextVar<int> depth("depth");

/// Shows that a task, or a call in another context, sets only its own values.
aio::Coroutine<void> contexts() {
  bool unset = false;
  try {
    (void)depth.get();
  } catch (const aio::LookupError&) {
    unset = true;
  }
  aio::ContextToken<int> before = depth.set(1);
  const aio::Context other = aio::copy_context();
  other.run([] { (void)depth.set(2); });
  expect(unset && depth.get() == 1 && other.run([] { return depth.get(); }) == 2);
  depth.reset(before);
  expect(depth.get(0) == 0);
  co_return;
}

aio::AsyncGenerator<int> forever(std::string& end) {
  try {
    for (int i = 0;; ++i) co_yield i;
  } catch (const aio::GeneratorExit&) {
    end = "closed";
    throw;
  }
}

aio::Coroutine<void> generators() {
  std::string end;
  const aio::AsyncGenerator<int> numbers = forever(end);
  (void)co_await numbers.next();
  co_await aio::shutdown_asyncgens();  // as run() does at its end
  expect(end == "closed");
}

aio::Coroutine<void> tour() {
  co_await names_and_options();
  co_await eager_tasks();
  co_await some_of_several();
  co_await errors_as_results();
  expect(co_await limited(std::nullopt) == 7);
  bool late = false;
  try {
    co_await limited(500ms);
  } catch (const aio::TimeoutError&) {
    late = true;
  }
  expect(late);
  co_await futures();
  co_await contexts();
  co_await generators();
}

}  // namespace

int main() {
  run_virtual(tour());
}
