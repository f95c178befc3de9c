#include "asyncio/detail/loop/timer_queue.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <string_view>
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

Timer* pop(TimerQueue& queue) {
  queue.make_due();
  return queue.next_due();
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
  EXPECT_EQ(pop(queue), &early);
  EXPECT_EQ(pop(queue), &middle);
  EXPECT_EQ(pop(queue), &late);
  EXPECT_TRUE(queue.empty());
}

TEST(TimerQueue, PopsTimersOfOneDeadlineInArmingOrder) {
  TimerQueue queue;
  std::vector<FakeTimer> timers(100);
  for (FakeTimer& timer : timers) queue.arm(timer, at(1s));

  for (FakeTimer& timer : timers) EXPECT_EQ(pop(queue), &timer);
}

TEST(TimerQueue, KeepsArmingOrderWhenTimersAreDisarmed) {
  TimerQueue queue;
  std::vector<FakeTimer> timers(50);
  for (FakeTimer& timer : timers) queue.arm(timer, at(1s));

  for (std::size_t i = 0; i < timers.size(); i += 3) queue.disarm(timers[i]);

  for (std::size_t i = 0; i < timers.size(); ++i) {
    if (i % 3 != 0) {
      EXPECT_EQ(pop(queue), &timers[i]);
    }
  }
  EXPECT_TRUE(queue.empty());
}

TEST(TimerQueue, PutsARearmedTimerBehindOthersOfItsDeadline) {
  TimerQueue queue;
  FakeTimer first;
  FakeTimer second;
  queue.arm(first, at(1s));
  queue.arm(second, at(1s));

  queue.disarm(first);
  queue.arm(first, at(1s));

  EXPECT_EQ(pop(queue), &second);
  EXPECT_EQ(pop(queue), &first);
}

TEST(TimerQueue, TracksWhetherATimerIsArmed) {
  TimerQueue queue;
  FakeTimer timer;
  EXPECT_FALSE(timer.armed());

  queue.arm(timer, at(1s));
  EXPECT_TRUE(timer.armed());

  queue.disarm(timer);
  EXPECT_FALSE(timer.armed());
  queue.disarm(timer);  // harmless
  queue.arm(timer, at(2s));
  (void)pop(queue);
  EXPECT_FALSE(timer.armed());
}

TEST(TimerQueue, KeepsADueTimerUntilItIsTaken) {
  TimerQueue queue;
  FakeTimer timer;
  queue.arm(timer, at(1s));

  EXPECT_EQ(&queue.make_due(), &timer);
  EXPECT_TRUE(queue.empty());
  EXPECT_TRUE(timer.armed());

  EXPECT_EQ(queue.next_due(), &timer);
  EXPECT_FALSE(timer.armed());
  EXPECT_EQ(queue.next_due(), nullptr);
}

TEST(TimerQueue, AllowsADueTimerToBeDisarmed) {
  TimerQueue queue;
  std::vector<FakeTimer> timers(3);
  for (FakeTimer& timer : timers) queue.arm(timer, at(1s));
  while (!queue.empty()) queue.make_due();

  queue.disarm(timers[1]);
  EXPECT_FALSE(timers[1].armed());
  queue.arm(timers[1], at(0s));

  EXPECT_EQ(queue.next_due(), timers.data());
  EXPECT_EQ(queue.next_due(), &timers[2]);
  EXPECT_EQ(queue.next_due(), nullptr);
  EXPECT_EQ(pop(queue), &timers[1]);
}

// A TimerQueue beside a model of it: a sorted map of (deadline, arming order), and a list of the
// due timers.
class Model {
 public:
  explicit Model(unsigned seed, std::size_t timers = 300) : random_(seed), timers_(timers) {}

  FakeTimer& any() { return timers_[random_() % timers_.size()]; }
  unsigned below(unsigned end) { return static_cast<unsigned>(random_() % end); }

  void arm(FakeTimer& timer, Duration when) {
    if (timer.armed()) return;
    const Key key(at(when), next_++);
    queue_.arm(timer, key.first);
    expected_.emplace(key, &timer);
    keys_[&timer] = key;
  }
  void disarm(FakeTimer& timer) {
    if (timer.armed() && std::erase(due_, &timer) == 0) expected_.erase(keys_[&timer]);
    queue_.disarm(timer);
  }
  void make_due() {
    ASSERT_EQ(queue_.empty(), expected_.empty());
    if (expected_.empty()) return;
    ASSERT_EQ(queue_.next_deadline(), expected_.begin()->first.first);
    FakeTimer* const next = expected_.begin()->second;
    ASSERT_EQ(&queue_.make_due(), next);
    due_.push_back(next);
    expected_.erase(expected_.begin());
  }
  void take_due() {
    for (FakeTimer* const next : std::exchange(due_, {})) ASSERT_EQ(queue_.next_due(), next);
    ASSERT_EQ(queue_.next_due(), nullptr);
  }
  void pop() {
    make_due();
    take_due();
  }
  void pop_all() {
    take_due();
    while (!expected_.empty() && !testing::Test::HasFatalFailure()) pop();
    EXPECT_TRUE(queue_.empty());
  }
  [[nodiscard]] std::vector<FakeTimer>& timers() { return timers_; }

 private:
  using Key = std::pair<TimePoint, std::uint64_t>;

  std::mt19937 random_;
  std::vector<FakeTimer> timers_;
  std::map<Key, FakeTimer*> expected_;
  std::map<FakeTimer*, Key> keys_;
  std::vector<FakeTimer*> due_;
  std::uint64_t next_ = 0;
  TimerQueue queue_;
};

TEST(TimerQueue, AgreesWithASortedMapInAnyMixOfArmDisarmAndPop) {
  for (unsigned seed = 0; seed < 20; ++seed) {
    Model model(seed);

    for (int i = 0; i < 5000 && !testing::Test::HasFatalFailure(); ++i) {
      FakeTimer& timer = model.any();
      const unsigned choice = model.below(5);
      if (choice == 4) {
        model.make_due();
      } else if (choice == 3 && model.below(4) == 0) {
        model.take_due();
      } else if (timer.armed() || choice == 2) {
        model.disarm(timer);
      } else {
        model.arm(timer, Duration(model.below(40)));  // few deadlines, many ties
      }
    }

    model.pop_all();
  }
}

// Far more timers than the heap of the nearest ones holds, armed in several orders.
class ManyTimers : public testing::TestWithParam<const char*> {
 protected:
  static constexpr unsigned kTimers = 20'000;

  [[nodiscard]] Duration deadline(unsigned i) {
    const std::string_view order = GetParam();
    if (order == "ascending") return Duration(i);
    if (order == "descending") return Duration(kTimers - i);
    if (order == "ties") return Duration(model_.below(3));
    return Duration(model_.below(1'000'000));
  }
  void arm_all() {
    for (unsigned i = 0; i < kTimers; ++i) model_.arm(model_.timers()[i], deadline(i));
  }

  Model model_{1, kTimers};
};

TEST_P(ManyTimers, ArePoppedInOrder) {
  arm_all();

  model_.pop_all();
}

TEST_P(ManyTimers, ArePoppedInOrderWhenMostWereDisarmed) {
  arm_all();
  for (unsigned i = 0; i < kTimers * 3; ++i) model_.disarm(model_.any());

  model_.pop_all();
}

TEST_P(ManyTimers, ArePoppedInOrderWhileOthersComeAndGo) {
  arm_all();
  for (unsigned i = 0; i < kTimers * 2 && !HasFatalFailure(); ++i) {
    model_.pop();
    model_.disarm(model_.any());
    model_.arm(model_.any(), deadline(i % kTimers));
  }

  model_.pop_all();
}

TEST_P(ManyTimers, LeaveNothingWhenAllAreDisarmed) {
  for (int round = 0; round < 2; ++round) {
    arm_all();
    for (FakeTimer& timer : model_.timers()) model_.disarm(timer);
    model_.pop_all();
  }
}

INSTANTIATE_TEST_SUITE_P(InAnyOrder, ManyTimers,
                         testing::Values("ascending", "descending", "ties", "random"),
                         [](const auto& order) { return std::string(order.param); });

}  // namespace
}  // namespace asyncio::detail
