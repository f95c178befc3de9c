// Pitfalls of coroutines, and how to avoid them: lib/doc/coroutine_pitfalls.md.
#include <asyncio/asyncio.hpp>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "expect.hpp"

namespace aio = asyncio;
using namespace std::chrono_literals;

namespace {

// [parameters]
aio::Coroutine<std::size_t> send(std::string text) {  // by value: stored in the coroutine
  co_await aio::sleep(1s);
  co_return text.size();
}

aio::Coroutine<void> parameters() {
  auto later = send("a temporary");  // the string lives in `later`
  expect(co_await std::move(later) == 11);
}
// [/parameters]

// [references]
aio::Coroutine<void> add_to(std::vector<int>& numbers, int number) {
  co_await aio::sleep(1s);
  numbers.push_back(number);
}

aio::Coroutine<void> references() {
  std::vector<int> numbers;
  co_await add_to(numbers, 1);  // awaited in place
  aio::TaskGroup group;
  co_await group.run([&]() -> aio::Coroutine<void> {  // awaits its tasks, even if it fails
    group.create_task(add_to(numbers, 2));
    group.create_task(add_to(numbers, 3));
    co_return;
  });
  expect(numbers.size() == 3);

  auto shared = std::make_shared<std::vector<int>>();
  auto add = [](std::shared_ptr<std::vector<int>> to) -> aio::Coroutine<void> {
    co_await aio::sleep(1s);
    to->push_back(4);
  };
  auto task = aio::create_task(add(shared));  // shares ownership, so it may outlive this frame
  co_await task;
  expect(shared->size() == 1);
}
// [/references]

// [captures]
aio::Task<void> start_reminder(int number) {
  auto body = [number]() -> aio::Coroutine<void> {
    co_await aio::sleep(1s);
    log("reminder " + std::to_string(number));
  };
  return aio::create_task(body);  // the callable, not body(), so that the task keeps it
}

aio::Coroutine<void> captures() {
  auto task = start_reminder(3);
  co_await task;
  expect(log_lines.back() == "reminder 3");
}
// [/captures]

// [named]
class Options {
 public:
  Options() = default;
  Options& name(std::string name) {
    name_ = std::move(name);
    return *this;
  }
  const std::string& name() const { return name_; }

 private:
  std::string name_;
};

struct Row {
  std::string key;
  std::size_t size;
};

aio::Coroutine<std::size_t> load(Options options) {
  co_await aio::sleep(1s);
  co_return options.name().size();
}

aio::Coroutine<void> named_first(bool verbose) {
  std::string text = "kept";
  auto work = [text] { return text.size(); };
  std::size_t size = co_await aio::to_thread(std::move(work));

  Options options;
  options.name("table");
  size += co_await load(std::move(options));

  std::size_t loaded = co_await send("abc");
  Row row{"key", loaded};  // built from a value that has been awaited already

  std::string title = "short";
  if (verbose) title = "a longer title";
  size += co_await send(title);
  expect(size + row.size == 4 + 5 + 3 + 14);
}
// [/named]

// [destroyed]
class Step {
 public:
  explicit Step(std::string name) : name_(std::move(name)) {}
  Step(const Step&) = delete;
  Step& operator=(const Step&) = delete;
  ~Step() { log(name_ + " undone"); }

 private:
  std::string name_;
};

aio::Coroutine<void> two_steps() {
  const Step first("first");
  const Step second("second");
  try {
    co_await aio::sleep(1h);
  } catch (const aio::CancelledError&) {
    log("cancelled");
    throw;
  }
}

void destroyed() {
  std::vector<std::string> reports;
  aio::EventLoop loop;
  loop.set_exception_handler([&](aio::EventLoop&, const aio::ExceptionContext& context) {
    reports.push_back(context.message);
  });
  auto task = loop.create_task(two_steps());
  loop.stop();
  loop.run_forever();  // one turn, in which the task begins
  loop.close();        // destroys the suspended frame; no handler runs
  expect(!task.done() && reports[0] == "Task was destroyed but it is pending!");
}

void cancelled() {
  const auto main = []() -> aio::Coroutine<void> {
    (void)aio::create_task(two_steps());
    co_await aio::sleep(0s);
  };
  aio::run(main());  // cancels and awaits the tasks that are left
}
// [/destroyed]

// [never_awaited]
void never_awaited() {
  std::vector<std::string> reports;
  aio::EventLoop loop;
  loop.set_exception_handler([&](aio::EventLoop&, const aio::ExceptionContext& context) {
    reports.push_back(context.message);
  });
  const auto main = []() -> aio::Coroutine<void> {
    auto forgotten = send("nobody");
    auto dropped = send("on purpose");
    dropped.close();
    co_return;
  };
  loop.run_until_complete(main());
  expect(reports == std::vector<std::string>{"coroutine 'send' was never awaited"});
}
// [/never_awaited]

// [detached]
aio::Coroutine<void> fails() {
  co_await aio::sleep(1s);
  throw std::runtime_error("lost");
}

aio::Coroutine<void> detached() {
  std::vector<std::string> reports;
  aio::get_running_loop().set_exception_handler(
      [&](aio::EventLoop&, const aio::ExceptionContext& context) {
        reports.push_back(context.message + ": " + aio::describe(context.exception));
      });
  (void)aio::create_task(fails());  // nothing receives its error
  co_await aio::sleep(2s);
  expect(reports.size() == 1 && reports[0].starts_with("Task exception was never retrieved"));

  aio::TaskGroup group;  // passes its children's errors to its awaiter
  bool heard = false;
  try {
    co_await group.run([&]() -> aio::Coroutine<void> {
      group.create_task(fails());
      co_return;
    });
  } catch (const aio::ExceptionGroup&) {
    heard = true;
  }
  aio::get_running_loop().set_exception_handler({});
  expect(heard);
}
// [/detached]

// [blocking]
aio::Coroutine<void> blocking() {
  aio::EventLoop& loop = aio::get_running_loop();  // in debug mode
  std::vector<std::string> slow;
  loop.set_slow_callback_duration(10ms);
  loop.set_exception_handler([&](aio::EventLoop&, const aio::ExceptionContext& context) {
    slow.push_back(context.message);
  });

  std::this_thread::sleep_for(20ms);  // wrong: nothing else runs meanwhile
  co_await aio::sleep(0s);
  expect(!slow.empty());

  co_await aio::to_thread([] { std::this_thread::sleep_for(20ms); });  // right
  loop.set_exception_handler({});
}
// [/blocking]

}  // namespace

int main() {
  run_virtual(parameters());
  run_virtual(references());
  run_virtual(captures());
  run_virtual(named_first(true));
  (void)taken_log();
  destroyed();
  expect(taken_log() == Lines{"second undone", "first undone"});
  cancelled();
  expect(taken_log() == Lines{"cancelled", "second undone", "first undone"});
  never_awaited();
  run_virtual(detached());
  aio::run(blocking(), aio::RunOptions().debug(true));
}
