#include "asyncio/loop/timer_queue.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <memory>
#include <random>
#include <utility>
#include <vector>

namespace asyncio::detail {
namespace {

using namespace std::chrono_literals;

class FakeTimer final : public Timer {
 public:
  void run() noexcept override {}
  void discard() noexcept override {}
};

TimePoint at(Duration since_start) {
  return TimePoint(since_start);
}

TEST(TimerQueue, PopsTheEarliestFirst) {
  TimerQueue queue;
  FakeTimer late;
  FakeTimer early;
  FakeTimer middle;
  queue.arm(late, at(3s));
  queue.arm(early, at(1s));
  queue.arm(middle, at(2s));

  EXPECT_EQ(queue.next_deadline(), at(1s));
  EXPECT_EQ(&queue.pop(), &early);
  EXPECT_EQ(&queue.pop(), &middle);
  EXPECT_EQ(&queue.pop(), &late);
  EXPECT_TRUE(queue.empty());
}

TEST(TimerQueue, PopsTimersOfOneDeadlineInTheOrderOfArming) {
  TimerQueue queue;
  std::vector<FakeTimer> timers(100);
  for (FakeTimer& timer : timers) queue.arm(timer, at(1s));

  for (FakeTimer& timer : timers) EXPECT_EQ(&queue.pop(), &timer);
}

TEST(TimerQueue, KeepsThatOrderWhenOneInTheMiddleIsTakenOut) {
  TimerQueue queue;
  std::vector<FakeTimer> timers(50);
  for (FakeTimer& timer : timers) queue.arm(timer, at(1s));

  for (std::size_t i = 0; i < timers.size(); i += 3) queue.disarm(timers[i]);

  for (std::size_t i = 0; i < timers.size(); ++i) {
    if (i % 3 != 0) {
      EXPECT_EQ(&queue.pop(), &timers[i]);
    }
  }
  EXPECT_TRUE(queue.empty());
}

TEST(TimerQueue, PutsATimerThatIsArmedAgainBehindOthersOfItsDeadline) {
  TimerQueue queue;
  FakeTimer first;
  FakeTimer second;
  queue.arm(first, at(1s));
  queue.arm(second, at(1s));

  queue.disarm(first);
  queue.arm(first, at(1s));

  EXPECT_EQ(&queue.pop(), &second);
  EXPECT_EQ(&queue.pop(), &first);
}

TEST(TimerQueue, TellsATimerWhetherItIsArmed) {
  TimerQueue queue;
  FakeTimer timer;
  EXPECT_FALSE(timer.armed());

  queue.arm(timer, at(1s));
  EXPECT_TRUE(timer.armed());

  queue.disarm(timer);
  EXPECT_FALSE(timer.armed());
  queue.disarm(timer);  // harmless
  queue.arm(timer, at(2s));
  (void)queue.pop();
  EXPECT_FALSE(timer.armed());
}

// The queue against a sorted map of (deadline, arming order).
class Model {
 public:
  explicit Model(unsigned seed) : random_(seed) {
    for (int i = 0; i < 300; ++i) timers_.push_back(std::make_unique<FakeTimer>());
  }

  void step() {
    FakeTimer& timer = *timers_[random_() % timers_.size()];
    switch (random_() % 4) {
      case 0:
      case 1:
        if (timer.armed()) {
          disarm(timer);
        } else {
          arm(timer);
        }
        break;
      case 2:
        disarm(timer);
        break;
      default:
        pop();
    }
  }
  void pop_all() {
    while (!expected_.empty()) pop();
    EXPECT_TRUE(queue_.empty());
  }

 private:
  using Key = std::pair<TimePoint, std::uint64_t>;

  void arm(FakeTimer& timer) {
    const Key key(at(Duration(random_() % 40)), next_++);  // few deadlines, so many ties
    queue_.arm(timer, key.first);
    expected_.emplace(key, &timer);
    keys_[&timer] = key;
  }
  void disarm(FakeTimer& timer) {
    if (timer.armed()) expected_.erase(keys_[&timer]);
    queue_.disarm(timer);
  }
  void pop() {
    ASSERT_EQ(queue_.empty(), expected_.empty());
    if (expected_.empty()) return;
    ASSERT_EQ(queue_.next_deadline(), expected_.begin()->first.first);
    ASSERT_EQ(&queue_.pop(), expected_.begin()->second);
    expected_.erase(expected_.begin());
  }

  std::mt19937 random_;
  std::vector<std::unique_ptr<FakeTimer>> timers_;
  std::map<Key, FakeTimer*> expected_;
  std::map<FakeTimer*, Key> keys_;
  std::uint64_t next_ = 0;
  TimerQueue queue_;
};

TEST(TimerQueue, AgreesWithASortedMapInAnyMixOfArmDisarmAndPop) {
  for (unsigned seed = 0; seed < 20; ++seed) {
    Model model(seed);

    for (int i = 0; i < 5000 && !testing::Test::HasFatalFailure(); ++i) model.step();

    model.pop_all();
  }
}

}  // namespace
}  // namespace asyncio::detail
