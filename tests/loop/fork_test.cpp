// Processes forked while a loop exists.

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

#include "asyncio/base/unique_fd.hpp"
#include "asyncio/detail/loop/descriptors.hpp"
#include "asyncio/loop/event_loop.hpp"
#include "support/async_test.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using test::throws;

/// Runs `function` in a forked child and returns its result.
template <class F>
std::string in_child(F function) {
  std::array<int, 2> pipe{};
  EXPECT_EQ(::pipe(pipe.data()), 0);
  const UniqueFd reading(pipe[0]);
  UniqueFd writing(pipe[1]);
  const pid_t child = ::fork();
  if (child == 0) {
    const std::string text = function();
    (void)!::write(writing.get(), text.data(), text.size());
    ::_exit(0);
  }
  writing.reset();
  std::string text;
  std::array<char, 256> buffer{};
  for (;;) {
    const ssize_t count = ::read(reading.get(), buffer.data(), buffer.size());
    if (count <= 0) break;
    text.append(buffer.data(), static_cast<std::size_t>(count));
  }
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  return text;
}

Coroutine<std::string> seven() {
  co_await sleep(1ms);
  co_return "seven";
}

ASYNC_TEST(Fork, LetsTheChildRunALoopOfItsOwn) {  // B323
  const std::string none =
      in_child([] { return find_running_loop() == nullptr ? run(seven()) : "still there"; });

  EXPECT_EQ(none, "seven");
  co_return;
}

TEST(Fork, KeepsASignalOfTheChildFromTheParentsHandler) {  // B323
  EventLoop loop;
  int calls = 0;
  loop.add_signal_handler(SIGUSR1, [&] { ++calls; });

  const std::string in_its_own = in_child([] {
    ::raise(SIGUSR1);  // to the inherited handler, which does nothing
    const auto hear = []() -> Coroutine<std::string> {
      const auto heard = get_running_loop().create_future<void>();
      get_running_loop().add_signal_handler(SIGUSR1, [&] { heard.set_result(); });
      ::raise(SIGUSR1);
      co_await heard;
      co_return "heard";
    };
    return run(hear());
  });
  loop.call_later(1ms, [&] { loop.stop(); });
  loop.run_forever();

  EXPECT_EQ(in_its_own, "heard");
  EXPECT_EQ(calls, 0);
  ::raise(SIGUSR1);
  loop.call_later(1ms, [&] { loop.stop(); });
  loop.run_forever();
  EXPECT_EQ(calls, 1);
  loop.remove_signal_handler(SIGUSR1);
}

TEST(Fork, LeavesTheParentsDescriptorsAloneWhenTheChildClosesTheLoop) {
  EventLoop loop;
  std::array<int, 2> pipe{};
  ASSERT_EQ(::pipe(pipe.data()), 0);
  const UniqueFd reading(pipe[0]);
  const UniqueFd writing(pipe[1]);
  bool called = false;
  loop.add_reader(reading.get(), [&] {
    called = true;
    loop.stop();
  });

  (void)in_child([&] {
    loop.close();
    return std::string();
  });
  ASSERT_EQ(::write(writing.get(), "x", 1), 1);
  loop.run_forever();

  EXPECT_TRUE(called);
  loop.remove_reader(reading.get());
}

TEST(Fork, LeavesTheParentsDescriptorsAloneWhenTheChildClosesOne) {
  EventLoop loop;
  std::array<int, 2> pipe{};
  ASSERT_EQ(::pipe(pipe.data()), 0);
  const UniqueFd writing(pipe[1]);
  detail::Ref<detail::Descriptor> reading(new detail::Descriptor(UniqueFd(pipe[0])));
  struct Stop final : detail::ReadyListener {
    explicit Stop(EventLoop& of) : loop(of) {}
    void ready() noexcept override {
      called = true;
      loop.stop();
    }
    EventLoop& loop;
    bool called = false;
  } stop(loop);
  reading->listen(loop.core().descriptors(), detail::Direction::read, stop);

  (void)in_child([&] {
    reading->close();
    return std::string();
  });
  ASSERT_EQ(::write(writing.get(), "x", 1), 1);
  loop.call_later(5s, [&] { loop.stop(); });
  loop.run_forever();

  EXPECT_TRUE(stop.called);
  reading->close();
}

TEST(Fork, ReportsAnErrorOfAPostedCallbackInTheChildToo) {
  EventLoop loop;
  pid_t child = -1;
  const auto fork_and_fail = [&] {
    loop.stop();
    child = ::fork();
    if (child == 0) throw std::runtime_error("in the child");
  };
  std::thread([&] { loop.call_soon_threadsafe(fork_and_fail); }).join();
  testing::internal::CaptureStderr();

  loop.run_forever();
  if (child == 0) ::_exit(7);

  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 7) << status;
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "asyncio: Exception in callback: std::runtime_error: in the child\n");
}

TEST(Fork, LetsTheChildDestroyALoopWithAWatchdog) {
  auto loop = std::make_unique<EventLoop>(LoopOptions().watchdog(1s));
  loop->call_later(20ms, [&] { loop->stop(); });
  loop->run_forever();  // by now the watchdog sleeps

  const std::string said = in_child([&] {
    ::alarm(10);  // ends a child that hangs
    loop.reset();
    return std::string("destroyed");
  });

  EXPECT_EQ(said, "destroyed");
}

TEST(Fork, RefusesUseOfTheParentsLoopInDebugMode) {
  EventLoop loop(LoopOptions().debug(true));

  const std::string error = in_child([&] { return throws([&] { loop.call_soon([] {}); }); });

  EXPECT_EQ(error,
            "RuntimeError: the event loop belongs to another process, which forked this one");
}

}  // namespace
}  // namespace asyncio
