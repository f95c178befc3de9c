// The loop, one turn at a time: lib/doc/one_turn.md.
#include <unistd.h>

#include <asyncio/asyncio.hpp>
#include <chrono>
#include <iostream>
#include <map>
#include <optional>
#include <string>
#include <thread>

#include "expect.hpp"

namespace aio = asyncio;
using namespace std::chrono_literals;

namespace {

std::string trace;  // the lines that main() prints at its end

void note(const std::string& line) {
  trace += line + "\n";
}

std::string ms(aio::TimePoint time) {
  const auto count = std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch());
  return std::to_string(count.count()) + " ms";
}

// [watcher]
class Watcher : public aio::Observer {
 public:
  void task_created(aio::TaskId task, const std::string& name) noexcept override {
    names_[task] = name;
    note("    " + name + " is created");
  }
  void step_began(aio::TaskId task, bool /*cancelled*/) noexcept override {
    note("    " + names_[task] + " runs");
  }
  void step_ended(aio::TaskId task, const aio::Awaited* awaited) noexcept override {
    std::string what = "the next turn";
    if (awaited != nullptr) what = awaited->kind() == Kind::task ? "a task" : awaited->describe();
    note("    " + names_[task] + " waits for " + what);
  }
  void task_done(aio::TaskId task, Outcome /*outcome*/) noexcept override {
    note("    " + names_[task] + " is done");
  }
  void timer_armed(aio::TimePoint when) noexcept override {
    note("    a timer is armed for " + ms(when));
  }
  void timer_due(aio::TimePoint when, aio::TimePoint /*now*/) noexcept override {
    note("  the timer for " + ms(when) + " is due");
  }
  void about_to_wait(std::optional<aio::TimePoint> when) noexcept override {
    if (when) note("  the loop waits until " + ms(*when));
  }

 private:
  using Kind = aio::Awaited::Kind;
  std::map<aio::TaskId, std::string> names_;
};
// [/watcher]

// [program]
aio::Coroutine<void> child() {
  co_await aio::sleep(0s);
  co_await aio::sleep(5ms);
}

aio::Coroutine<void> parent() {
  aio::EventLoop& loop = aio::get_running_loop();
  loop.call_later(5ms, [&loop] {
    note("    the timer's callback");
    loop.stop();
  });
  auto task = aio::create_task(child());
  loop.call_soon([] { note("    the callback"); });
  co_await task;
}
// [/program]

void trace_turns() {
  // [turns]
  Watcher watcher;
  aio::EventLoop loop(aio::LoopOptions().clock(aio::ClockKind::virtual_time).observer(watcher));
  auto task = loop.create_task(parent());
  for (int turn = 1; !task.done(); ++turn) {
    note("turn " + std::to_string(turn));
    if (turn != 4) loop.stop();  // so that run_forever() runs one turn
    loop.run_forever();
  }
  // [/turns]
}

void trace_sources() {
  // [sources]
  aio::EventLoop loop(aio::LoopOptions().strict(true));
  aio::PipeEnds pipe = aio::open_pipe();
  const int readable = pipe.reader.get();
  loop.call_later(0s, [] { note("the timer"); });
  loop.add_reader(readable, [] { note("the reader"); });
  expect(::write(pipe.writer.get(), "x", 1) == 1);
  std::thread other([&loop] { loop.call_soon_threadsafe([] { note("the post"); }); });
  other.join();
  loop.call_soon([] { note("the callback"); });
  loop.stop();
  loop.run_forever();
  loop.remove_reader(readable);
  // [/sources]
}

}  // namespace

int main(int count, char** arguments) {
  if (count > 1 && std::string(arguments[1]) == "sources") {
    trace_sources();
    std::cout << trace;
    expect(trace == "the callback\nthe post\nthe reader\nthe timer\n");
    return 0;
  }
  trace_turns();
  std::cout << trace;
  expect(trace.find("turn 6") != std::string::npos && trace.find("turn 7") == std::string::npos);
  trace.clear();
  trace_sources();
  expect(trace == "the callback\nthe post\nthe reader\nthe timer\n");
}
