// The end of a wait: timeouts, wake-ups and signals; and several pollers side by side.

#include <gtest/gtest.h>
#include <pthread.h>
#include <signal.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <thread>
#include <vector>

#include "poll/poller_contract.hpp"

namespace asyncio::poller_contract {
namespace {

/// Handles SIGUSR1 during its lifetime.
class SignalHandler {
 public:
  explicit SignalHandler(void (*handler)(int), int flags = 0) {
    struct sigaction action{};
    action.sa_handler = handler;
    action.sa_flags = flags;
    EXPECT_EQ(::sigaction(SIGUSR1, &action, &previous_), 0);
  }
  SignalHandler(const SignalHandler&) = delete;
  SignalHandler& operator=(const SignalHandler&) = delete;
  ~SignalHandler() { EXPECT_EQ(::sigaction(SIGUSR1, &previous_, nullptr), 0); }

 private:
  struct sigaction previous_{};
};

/// Sends SIGUSR1 repeatedly to the thread that created it, until it is destroyed.
class SignalSender {
 public:
  SignalSender()
      : thread_([this, target = ::pthread_self()] {
          while (!stopped_) {
            std::this_thread::sleep_for(2ms);
            EXPECT_EQ(::pthread_kill(target, SIGUSR1), 0);
          }
        }) {}
  SignalSender(const SignalSender&) = delete;
  SignalSender& operator=(const SignalSender&) = delete;
  ~SignalSender() {
    stopped_ = true;
    thread_.join();
  }

 private:
  std::atomic<bool> stopped_ = false;
  std::thread thread_;
};

class PollerWait : public PollerContract {};

ASYNCIO_ON_EVERY_BACKEND(PollerWait);

// ---- Time ------------------------------------------------------------------------------------

TEST_P(PollerWait, NeverEndsEarly) {
  const Pipe pipe;
  poller_->set_interest(pipe.reader.get(), Interest::read);

  for (const nanoseconds timeout :
       {0ns, 1ns, 999ns, 100'000ns, 999'999ns, 3'000'000ns, 25'000'000ns}) {
    for (int i = 0; i < 5; ++i) EXPECT_GE(time_of_wait(timeout), timeout);
  }
}

TEST_P(PollerWait, IsNotCutShortByAnEarlierWaitThatWasWoken) {
  poller_->wake();
  (void)look(80ms);

  EXPECT_GE(time_of_wait(150ms), 150ms);
}

TEST_P(PollerWait, IsNotCutShortByAnEarlierWaitThatADescriptorEnded) {
  const Pipe pipe;
  put(pipe.writer);
  poller_->set_interest(pipe.reader.get(), Interest::read);
  (void)look(30ms);
  poller_->set_interest(pipe.reader.get(), Interest::none);
  std::this_thread::sleep_for(40ms);

  for (const nanoseconds timeout : {5ms, 60ms}) EXPECT_GE(time_of_wait(timeout), timeout);
}

TEST_P(PollerWait, ReturnsAtOnceUnlessTheTimeoutIsPositive) {
  for (const nanoseconds timeout : {nanoseconds(0), nanoseconds(-1), nanoseconds::min()}) {
    EXPECT_LT(time_of_wait(timeout), kHang);
  }
}

TEST_P(PollerWait, EndsAtOnceWithReadyDescriptors) {
  const Pipe pipe;
  put(pipe.writer);
  poller_->set_interest(pipe.reader.get(), Interest::read);

  EXPECT_LT(time_of_wait(kHang), kHang);
  EXPECT_EQ(look(std::nullopt), (Ready{{pipe.reader.get(), "r"}}));
}

TEST_P(PollerWait, AcceptsNoTimeoutAndVeryLongOnes) {
  for (const std::optional<nanoseconds> timeout :
       {std::optional<nanoseconds>(), std::optional(nanoseconds::max()),
        std::optional<nanoseconds>(24h * 365 * 100)}) {
    const Clock::time_point start = Clock::now();
    std::thread waker([&] {
      std::this_thread::sleep_for(20ms);
      poller_->wake();
    });

    EXPECT_EQ(look(timeout), Ready());
    EXPECT_GE(Clock::now() - start, 20ms);
    waker.join();
  }
}

// ---- Wake-ups and signals --------------------------------------------------------------------

TEST_P(PollerWait, EndsAtOnceIfWokenBeforeItBegins) {
  poller_->wake();

  EXPECT_EQ(look(std::nullopt), Ready());
}

TEST_P(PollerWait, ConsumesAllEarlierWakeUps) {
  for (int i = 0; i < 1000; ++i) poller_->wake();

  EXPECT_EQ(look(std::nullopt), Ready());
  EXPECT_GE(time_of_wait(5ms), 5ms);
}

TEST_P(PollerWait, ConsumesAWakeUpEvenWithAZeroTimeout) {
  poller_->wake();

  EXPECT_EQ(look(), Ready());
  EXPECT_GE(time_of_wait(5ms), 5ms);
}

TEST_P(PollerWait, ReportsReadyDescriptorsWhenWoken) {
  const Pipe pipe;
  put(pipe.writer);
  poller_->set_interest(pipe.reader.get(), Interest::read);
  poller_->wake();

  EXPECT_EQ(look(std::nullopt), (Ready{{pipe.reader.get(), "r"}}));

  take(pipe.reader);
  EXPECT_GE(time_of_wait(5ms), 5ms);
}

TEST_P(PollerWait, LosesNoWakeUpFromOtherThreads) {
  constexpr int kRounds = 2000;
  std::atomic<int> sent = 0;
  const auto work = [&] {
    for (int i = 0; i < kRounds; ++i) {
      ++sent;
      poller_->wake();
    }
  };
  std::thread first(work);
  std::thread second(work);

  bool hung = false;
  while (!hung && sent < 2 * kRounds) {
    const int before = sent;
    hung = time_of_wait(kHang) >= kHang && sent == before;
  }
  first.join();
  second.join();

  EXPECT_FALSE(hung);
}

TEST_P(PollerWait, EndsForEachWakeUpFromAnotherThread) {
  std::atomic<int> asked = 0;
  std::atomic<int> answered = 0;
  std::thread asking([&] {
    for (int i = 1; i <= 500; ++i) {
      asked = i;
      poller_->wake();
      while (answered < i) std::this_thread::yield();
    }
  });

  nanoseconds longest = 0ns;
  while (answered < 500) {
    longest = std::max(longest, time_of_wait(kHang));
    answered = asked.load();
  }
  asking.join();

  EXPECT_LT(longest, kHang);
}

TEST_P(PollerWait, ReturnsNothingWhenASignalArrives) {
  for (const int flags : {0, SA_RESTART}) {
    const SignalHandler handler([](int) {}, flags);
    const SignalSender sender;

    EXPECT_EQ(look(std::nullopt), Ready());
  }
}

std::atomic<Poller*> poller_to_wake = nullptr;
std::atomic<int> errno_after_wake = 0;

TEST_P(PollerWait, IsWokenFromASignalHandler) {
  poller_to_wake = poller_.get();
  const SignalHandler handler([](int) {
    const int interrupted_errno = errno;
    errno = EDOM;
    poller_to_wake.load()->wake();
    errno_after_wake = errno;
    errno = interrupted_errno;
  });

  ASSERT_EQ(::raise(SIGUSR1), 0);
  EXPECT_EQ(look(std::nullopt), Ready());
  EXPECT_EQ(errno_after_wake, EDOM);

  const SignalSender sender;
  for (int i = 0; i < 5; ++i) EXPECT_LT(time_of_wait(kHang), kHang);
}

// ---- Several pollers -------------------------------------------------------------------------

/// Waits for a byte and passes it on, `rounds` times.
void relay(std::string_view backend, const UniqueFd& from, const UniqueFd& to, int rounds) {
  const std::unique_ptr<Poller> poller = make_poller(backend);
  poller->set_interest(from.get(), Interest::read);
  for (int i = 0; i < rounds; ++i) {
    std::vector<PollEvent> events;
    poller->wait(kHang, events);
    ASSERT_EQ(to_ready(events), (Ready{{from.get(), "r"}}));
    put(to, take(from));
  }
}

TEST_P(PollerWait, WorksBesideAnotherPollerInAnotherThread) {
  const Pipe there;
  const Pipe back;
  put(there.writer, 'a');

  std::thread first(relay, GetParam(), std::cref(there.reader), std::cref(back.writer), 200);
  std::thread second(relay, GetParam(), std::cref(back.reader), std::cref(there.writer), 200);
  first.join();
  second.join();

  EXPECT_EQ(take(there.reader), 'a');
}

TEST_P(PollerWait, SharesADescriptorWithAnotherPoller) {
  const SocketPair pair;
  put(pair.far);
  const std::unique_ptr<Poller> other = make_poller(GetParam());
  other->set_interest(pair.near.get(), Interest::write);
  poller_->set_interest(pair.near.get(), Interest::read);

  EXPECT_EQ(look(), (Ready{{pair.near.get(), "r"}}));
  poller_->set_interest(pair.near.get(), Interest::none);

  std::vector<PollEvent> events;
  other->wait(0ns, events);
  EXPECT_EQ(to_ready(events), (Ready{{pair.near.get(), "w"}}));
}

TEST_P(PollerWait, IsNotEndedByAWakeUpOfAnotherPoller) {
  const std::unique_ptr<Poller> other = make_poller(GetParam());

  other->wake();

  EXPECT_GE(time_of_wait(5ms), 5ms);
}

}  // namespace
}  // namespace asyncio::poller_contract
