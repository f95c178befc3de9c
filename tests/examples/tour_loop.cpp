// Below the tasks: a custom poller, file descriptors, a watchdog.
#include <unistd.h>

#include <asyncio/asyncio.hpp>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>
#include <vector>

#include "expect.hpp"

namespace aio = asyncio;
using namespace std::chrono_literals;

namespace {

static_assert(std::is_same_v<aio::LoopClock::time_point, aio::TimePoint>);

/// Wraps the default poller and counts the readable descriptors that it reports.
class CountingPoller final : public aio::Poller {
 public:
  explicit CountingPoller(int& readable) : inner_(aio::make_poller()), readable_(readable) {}

  void set_interest(int fd, aio::Interest interest) override { inner_->set_interest(fd, interest); }
  void wait(std::optional<std::chrono::nanoseconds> timeout,
            std::vector<aio::PollEvent>& events) override {
    const std::size_t before = events.size();
    inner_->wait(timeout, events);
    for (std::size_t i = before; i < events.size(); ++i) readable_ += events[i].readable ? 1 : 0;
  }
  void wake() noexcept override { inner_->wake(); }
  [[nodiscard]] std::string_view name() const noexcept override { return inner_->name(); }

 private:
  std::unique_ptr<aio::Poller> inner_;
  int& readable_;
};

void write_byte(const aio::UniqueFd& fd) {
  if (::write(fd.get(), "x", 1) < 0) aio::throw_errno("write", fd.get());
}

/// Waits until `fd` is readable, then reads one byte.
aio::Coroutine<char> read_byte(const aio::UniqueFd& fd) {
  aio::EventLoop& loop = aio::get_running_loop();
  const aio::Future<> readable = loop.create_future();
  loop.add_reader(fd.get(), [&loop, &fd, readable] {
    loop.remove_reader(fd.get());
    readable.set_result();
  });
  co_await readable;
  char byte = 0;
  if (::read(fd.get(), &byte, 1) < 0) aio::throw_errno("read", fd.get());
  co_return byte;
}

aio::Coroutine<void> echo() {
  const aio::PipeEnds pipe = aio::open_pipe();
  const aio::Task<char> reading = aio::create_task(read_byte(pipe.reader));
  write_byte(pipe.writer);
  expect(co_await reading == 'x');
}

void pollers() {
  int readable = 0;
  aio::LoopOptions loop;
  loop.poller([&readable] { return std::make_unique<CountingPoller>(readable); });
  aio::run(echo(), aio::RunOptions().loop(std::move(loop)));
  expect(readable == 1);
  for (const std::string_view name : aio::poller_names()) {
    expect(aio::make_poller(name)->name() == name);
  }
  expect(aio::asks(aio::Interest::read_write, aio::Interest::write));
  expect(aio::system_call_error(EBADF, "read", 7).code() == std::errc::bad_file_descriptor);
}

std::atomic<bool> told{false};

aio::Coroutine<void> hold_the_loop() {
  while (!told) {
  }
  co_return;
}

/// Shows that a watchdog reports a step while it still blocks the loop.
void watchdog() {
  aio::LoopOptions loop;
  std::string step;
  loop.watchdog(1ms, [&step](const aio::StepReport& report) {
    step = report.step;
    told = true;
  });
  aio::run(hold_the_loop(), aio::RunOptions().loop(std::move(loop)));
  expect(step.starts_with("Task-1"));
}

}  // namespace

int main() {
  pollers();
  watchdog();
}
