// Differences from Python: lib/doc/from_python.md.
#include <asyncio/asyncio.hpp>
#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

#include "expect.hpp"

namespace aio = asyncio;
using namespace std::chrono_literals;

namespace {

// [lazy]
aio::Coroutine<int> measure(std::string what) {
  log(what);
  co_await aio::sleep(1s);
  co_return 7;
}

aio::Coroutine<void> lazy() {
  aio::Coroutine<int> coroutine = measure("coroutine");  // has not begun yet
  log("made");
  int first = co_await std::move(coroutine);                // runs here, inside this task
  aio::Task<int> task = aio::create_task(measure("task"));  // begins in the next turn
  log("scheduled");
  int second = co_await task;
  int again = co_await task;  // a task may be awaited again, a coroutine may not
  expect(first + second + again == 21);
}
// [/lazy]

// [cancel]
aio::Coroutine<void> worker() {
  try {
    co_await aio::sleep(1h);
  } catch (const aio::CancelledError&) {
    log("cleaned up");
    throw;
  }
}

aio::Coroutine<void> cancel() {
  auto task = aio::create_task(worker());
  co_await aio::sleep(1s);
  task.cancel();
  auto result = co_await aio::as_result(task);
  expect(result.cancelled() && task.cancelled());
}
// [/cancel]

// [cleanup]
aio::Coroutine<void> close_slowly() {
  co_await aio::sleep(1s);
  log("closed");
}

aio::Coroutine<void> clean_up() {
  auto body = []() -> aio::Coroutine<void> {
    co_await aio::sleep(1s);
    throw std::runtime_error("torn");
  };
  co_await aio::finally(body, close_slowly);
}
// [/cleanup]

// [exceptions]
aio::Coroutine<int> divide(int a, int b) {
  co_await aio::sleep(1s);
  if (b == 0) throw std::domain_error("division by zero");
  co_return a / b;
}

aio::Coroutine<void> exceptions() {
  auto results = co_await aio::gather(aio::return_exceptions, divide(6, 2), divide(6, 0));
  expect(std::get<0>(results).value() == 3);
  expect(aio::describe(std::get<1>(results).error()) == "std::domain_error: division by zero");

  aio::TaskGroup group;
  try {
    co_await group.run([&]() -> aio::Coroutine<void> {
      group.create_task(divide(1, 0));
      group.create_task(divide(2, 1));
      co_return;
    });
  } catch (const aio::ExceptionGroup& errors) {
    expect(errors.exceptions().size() == 1);
    expect(errors.subgroup<std::domain_error>().has_value());
  }
}
// [/exceptions]

// [context]
const aio::ContextVar<std::string> request_id("request_id", "none");

aio::Coroutine<void> answer(std::string id) {
  (void)request_id.set(std::move(id));  // in this task's own context
  co_await aio::sleep(1s);
  log("answered " + request_id.get());
}

aio::Coroutine<void> serve_two() {
  co_await aio::gather(answer("a"), answer("b"));
  expect(request_id.get() == "none");
}
// [/context]

// [scopes]
aio::Coroutine<void> append(aio::Lock& lock, std::string line) {
  auto guard = co_await lock.scoped();  // held to the end of the block
  co_await aio::sleep(1s);
  log(std::move(line));
}

aio::Coroutine<void> scopes() {
  aio::Lock lock;
  aio::TaskGroup group;
  int sum = co_await aio::timeout(5s, [&]() -> aio::Coroutine<int> {
    co_await group.run([&]() -> aio::Coroutine<void> {
      group.create_task(append(lock, "first"));
      group.create_task(append(lock, "second"));
      co_return;
    });
    co_return 3;
  });
  expect(sum == 3);
}
// [/scopes]

// [generator]
aio::AsyncGenerator<int> ticks(int count) {
  for (int tick = 1; tick <= count; ++tick) {
    co_await aio::sleep(1s);
    co_yield tick;
  }
}

aio::Coroutine<int> sum_of_ticks() {
  auto all = ticks(3);
  int sum = 0;
  while (auto tick = co_await all.next()) sum += *tick;
  co_return sum;
}
// [/generator]

// [threads]
int word_count(const std::string& text) {
  aio::blocking_sleep(1s);  // stands in for a blocking call
  return text.empty() ? 0 : 2;
}

aio::Coroutine<void> threads() {
  int words = co_await aio::to_thread(word_count, std::string("two words"));
  expect(words == 2);

  aio::EventLoop& loop = aio::get_running_loop();
  aio::Event rung;
  std::thread bell([handle = loop.handle(), &rung] {
    handle.call_soon_threadsafe([&rung] { rung.set(); });  // the only way into the loop
  });
  co_await rung.wait();
  bell.join();
}
// [/threads]

}  // namespace

int main() {
  run_virtual(lazy());
  expect(taken_log() == Lines{"made", "coroutine", "scheduled", "task"});
  run_virtual(cancel());
  expect(taken_log() == Lines{"cleaned up"});
  try {
    run_virtual(clean_up());
    expect(false);
  } catch (const std::runtime_error&) {
    expect(taken_log() == Lines{"closed"});
  }
  run_virtual(exceptions());
  run_virtual(serve_two());
  expect(taken_log() == Lines{"answered a", "answered b"});
  run_virtual(scopes());
  expect(taken_log() == Lines{"first", "second"});
  expect(run_virtual(sum_of_ticks()) == 6);
  run_virtual(threads());
}
