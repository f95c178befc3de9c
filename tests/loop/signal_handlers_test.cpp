#include "asyncio/detail/loop/signal_handlers.hpp"

#include <gtest/gtest.h>

#include <sys/socket.h>

#include <csignal>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "asyncio/base/unique_fd.hpp"
#include "asyncio/loop/event_loop.hpp"
#include "support/async_test.hpp"
#include "support/live.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using test::LiveCount;
using test::Trace;

bool has_default_action(int number) {
  struct sigaction present{};
  return ::sigaction(number, nullptr, &present) == 0 && present.sa_handler == SIG_DFL;
}

void one_turn(EventLoop& loop) {
  loop.stop();
  loop.run_forever();
}

TEST(SignalHandler, IsCalledInTheLoopWithItsArguments) {  // B315
  EventLoop loop;
  Trace trace;
  loop.add_signal_handler(SIGUSR1, [&](const std::string& text) { trace.push_back(text); }, "usr1");
  EXPECT_TRUE(loop.has_signal_handler(SIGUSR1));

  ASSERT_EQ(::raise(SIGUSR1), 0);
  EXPECT_TRUE(trace.empty());
  one_turn(loop);

  EXPECT_EQ(trace, Trace{"usr1"});
}

TEST(SignalHandler, WakesASleepingLoop) {  // B316
  EventLoop loop;
  loop.add_signal_handler(SIGUSR1, [&] { loop.stop(); });
  const pthread_t self = ::pthread_self();
  std::thread sender([self] {
    std::this_thread::sleep_for(20ms);
    ::pthread_kill(self, SIGUSR1);
  });

  loop.run_forever();  // returns

  sender.join();
}

TEST(SignalHandler, WakesTheLoopForASignalToAnotherThread) {
  EventLoop loop;
  loop.add_signal_handler(SIGUSR1, [&] { loop.stop(); });
  std::thread receiver([] {
    std::this_thread::sleep_for(20ms);
    ::pthread_kill(::pthread_self(), SIGUSR1);
  });

  loop.run_forever();  // returns

  receiver.join();
}

TEST(SignalHandler, IsCalledOnceForSeveralArrivalsBeforeItsTurn) {
  EventLoop loop;
  int calls = 0;
  loop.add_signal_handler(SIGUSR1, [&] { ++calls; });

  ::raise(SIGUSR1);
  ::raise(SIGUSR1);
  one_turn(loop);
  EXPECT_EQ(calls, 1);

  one_turn(loop);
  EXPECT_EQ(calls, 1);
}

TEST(SignalHandler, RestoresTheOldDispositionWhenRemoved) {  // B319
  EventLoop loop;
  ASSERT_TRUE(has_default_action(SIGUSR1));
  loop.add_signal_handler(SIGUSR1, [] {});
  EXPECT_FALSE(has_default_action(SIGUSR1));

  EXPECT_TRUE(loop.remove_signal_handler(SIGUSR1));
  EXPECT_FALSE(loop.remove_signal_handler(SIGUSR1));

  EXPECT_TRUE(has_default_action(SIGUSR1));
  EXPECT_FALSE(loop.has_signal_handler(SIGUSR1));
}

TEST(SignalHandler, IsReplacedByALaterHandler) {
  EventLoop loop;
  LiveCount count;
  Trace trace;
  loop.add_signal_handler(SIGUSR1, [&, live = count.make()] { trace.push_back("old"); });

  loop.add_signal_handler(SIGUSR1, [&] { trace.push_back("new"); });
  EXPECT_EQ(count.alive(), 0);
  ::raise(SIGUSR1);
  one_turn(loop);

  EXPECT_EQ(trace, Trace{"new"});
}

TEST(SignalHandler, CanRemoveItsReplacementWhenDestroyed) {
  EventLoop loop;
  std::shared_ptr<EventLoop> at_end(
      &loop, [](EventLoop* owner) { owner->remove_signal_handler(SIGUSR1); });
  loop.add_signal_handler(SIGUSR1, [held = std::move(at_end)] {});

  loop.add_signal_handler(SIGUSR1, [] {});

  EXPECT_FALSE(loop.has_signal_handler(SIGUSR1));
  EXPECT_TRUE(has_default_action(SIGUSR1));
}

TEST(SignalHandler, CanRemoveAnotherWhenDestroyed) {
  EventLoop loop;
  std::shared_ptr<EventLoop> at_end(
      &loop, [](EventLoop* owner) { owner->remove_signal_handler(SIGUSR2); });
  loop.add_signal_handler(SIGUSR1, [held = std::move(at_end)] {});
  loop.add_signal_handler(SIGUSR2, [] {});

  loop.remove_signal_handler(SIGUSR1);

  EXPECT_TRUE(has_default_action(SIGUSR1));
  EXPECT_TRUE(has_default_action(SIGUSR2));
  EventLoop().add_signal_handler(SIGUSR1, [] {});  // no loop handles signals any more
}

TEST(SignalHandler, CanRemoveItself) {  // B320
  EventLoop loop;
  int calls = 0;
  loop.add_signal_handler(SIGUSR1, [&] {
    ++calls;
    loop.remove_signal_handler(SIGUSR1);
  });
  ::raise(SIGUSR1);

  one_turn(loop);
  one_turn(loop);

  EXPECT_EQ(calls, 1);
  EXPECT_TRUE(has_default_action(SIGUSR1));
}

TEST(SignalHandler, IsRemovedWhenTheLoopCloses) {  // B322
  LiveCount count;
  {
    EventLoop loop;
    loop.add_signal_handler(SIGUSR1, [live = count.make()] {});
    loop.add_signal_handler(SIGUSR2, [live = count.make()] {});
    ::raise(SIGUSR1);
  }

  EXPECT_EQ(count.alive(), 0);
  EXPECT_TRUE(has_default_action(SIGUSR1));
  EXPECT_TRUE(has_default_action(SIGUSR2));
}

TEST(SignalHandler, RefusesInvalidAndUncatchableNumbers) {  // B317, B318
  EventLoop loop;

  for (const int number : {-1, 0, 1000, SIGKILL, SIGSTOP}) {
    EXPECT_THROW(loop.add_signal_handler(number, [] {}), ValueError) << number;
    EXPECT_FALSE(loop.remove_signal_handler(number)) << number;
  }

  // No handler is half installed, so another loop may handle signals.  B321
  EventLoop other;
  other.add_signal_handler(SIGUSR1, [] {});
}

TEST(SignalHandler, IsRefusedOnASecondLoopWhileTheFirstHasOne) {
  EventLoop first;
  EventLoop second;
  first.add_signal_handler(SIGUSR1, [] {});

  EXPECT_THROW(second.add_signal_handler(SIGUSR2, [] {}), RuntimeError);
  first.remove_signal_handler(SIGUSR1);
  second.add_signal_handler(SIGUSR2, [] {});

  EXPECT_TRUE(second.has_signal_handler(SIGUSR2));
}

TEST(SignalHandler, IsCalledAfterATurnOfALoopWithoutHandlers) {
  EventLoop loop;
  EventLoop other;
  int calls = 0;
  loop.add_signal_handler(SIGUSR1, [&] { ++calls; });
  EXPECT_THROW(other.add_signal_handler(SIGUSR2, [] {}), RuntimeError);
  ::raise(SIGUSR1);

  one_turn(other);
  one_turn(loop);

  EXPECT_EQ(calls, 1);
}

TEST(SignalHandler, IsRefusedOnAClosedLoop) {  // B276
  EventLoop loop;
  loop.close();

  EXPECT_THROW(loop.add_signal_handler(SIGUSR1, [] {}), RuntimeError);
  EXPECT_TRUE(has_default_action(SIGUSR1));
}

// Raises SIGUSR1 during each wait.
class RaisingPoller final : public Poller {
 public:
  explicit RaisingPoller(std::unique_ptr<Poller> real) : real_(std::move(real)) {}
  void set_interest(int fd, Interest interest) override { real_->set_interest(fd, interest); }
  void wait(std::optional<std::chrono::nanoseconds> timeout,
            std::vector<PollEvent>& events) override {
    ::raise(SIGUSR1);
    real_->wait(timeout, events);
  }
  void wake() noexcept override { real_->wake(); }
  [[nodiscard]] std::string_view name() const noexcept override { return "raising"; }

 private:
  std::unique_ptr<Poller> real_;
};

TEST(SignalHandler, IsQueuedOnceForASignalBeforeAndDuringTheWait) {
  LoopOptions options;
  options.poller([] { return std::make_unique<RaisingPoller>(make_poller()); }).strict(true);
  EventLoop loop(std::move(options));
  int calls = 0;
  int others = 0;
  const UniqueFd watched(::socket(AF_UNIX, SOCK_DGRAM, 0));
  loop.add_signal_handler(SIGUSR1, [&] { ++calls; });
  loop.add_reader(watched.get(), [] {});
  loop.call_soon([&] { ++others; });
  ::raise(SIGUSR1);

  one_turn(loop);

  EXPECT_EQ(others, 1);
  EXPECT_GE(calls, 1);
  EXPECT_LE(calls, 2);
  loop.remove_reader(watched.get());
}

}  // namespace
}  // namespace asyncio
