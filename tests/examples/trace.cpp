// A program that traces its own tasks: lib/doc/howto.md.
#include <asyncio/asyncio.hpp>
#include <chrono>
#include <iostream>
#include <map>
#include <sstream>
#include <string>

#include "expect.hpp"

namespace aio = asyncio;
using namespace std::chrono_literals;

namespace {

// [observer]
/// Writes the steps of all tasks as a Chrome trace, for Perfetto and chrome://tracing. The task
/// names must not need JSON escapes.
class ChromeTrace : public aio::Observer {
 public:
  ChromeTrace(std::ostream& out, const aio::EventLoop& loop) : out_(out), loop_(loop) {
    out_ << "[";
  }

  void task_created(aio::TaskId task, const std::string& name) noexcept override {
    numbers_[task] = ++last_;
    event(last_, "M", "thread_name", ",\"args\":{\"name\":\"" + name + "\"}");
  }
  void step_began(aio::TaskId task, bool /*cancelled*/) noexcept override { event(task, "B"); }
  void step_ended(aio::TaskId task, const aio::Awaited* /*awaited*/) noexcept override {
    event(task, "E");
  }
  void task_done(aio::TaskId task, Outcome /*outcome*/) noexcept override { event(task, "E"); }

 private:
  void event(aio::TaskId task, const char* phase) { event(numbers_[task], phase, "step", ""); }
  void event(int number, const char* phase, const char* name, const std::string& more) {
    const auto now =
        std::chrono::duration_cast<std::chrono::microseconds>(loop_.time().time_since_epoch());
    if (!first_) out_ << ",\n";
    first_ = false;
    out_ << "{\"ph\":\"" << phase << "\",\"name\":\"" << name << "\",\"pid\":1,\"tid\":" << number
         << ",\"ts\":" << now.count() << more << "}";
  }

  std::ostream& out_;
  const aio::EventLoop& loop_;
  std::map<aio::TaskId, int> numbers_;
  int last_ = 0;
  bool first_ = true;
};
// [/observer]

// [main]
aio::Coroutine<void> nap(aio::Duration time) {
  co_await aio::sleep(time);
}

aio::Coroutine<void> two_naps() {
  co_await aio::gather(nap(1ms), nap(2ms));
}

void run_traced(std::ostream& out) {
  aio::Runner runner(aio::RunOptions().clock(aio::ClockKind::virtual_time));
  aio::EventLoop& loop = runner.get_loop();
  ChromeTrace trace(out, loop);
  loop.set_observer(&trace);
  runner.run(two_naps());
  loop.set_observer(nullptr);
  out << "]\n";
}
// [/main]

// [waits]
aio::Coroutine<void> show_waits(std::ostream& out) {
  auto napping = aio::create_task(nap(1s), "napping");
  co_await aio::sleep(0s);
  out << aio::describe_waits(aio::get_running_loop()) << "\n";
  napping.print_stack(out);
  co_await napping;
}
// [/waits]

}  // namespace

int main() {
  std::ostringstream trace;
  run_traced(trace);
  std::cout << trace.str();
  expect(trace.str().starts_with("[{\"ph\":\"M\",\"name\":\"thread_name\""));
  expect(trace.str().find("\"ph\":\"E\",\"name\":\"step\",\"pid\":1,\"tid\":3,\"ts\":2000}") !=
         std::string::npos);

  std::ostringstream waits;
  aio::run(show_waits(waits), aio::RunOptions().clock(aio::ClockKind::virtual_time));
  expect(waits.str().find("napping in nap() at ") != std::string::npos);
  expect(waits.str().find(" waits for sleep()") != std::string::npos);
  expect(waits.str().find("Stack for napping (most recent call last):") != std::string::npos);
}
