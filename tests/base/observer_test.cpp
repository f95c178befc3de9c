#include "asyncio/base/observer.hpp"

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "support/async_test.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using test::Trace;

/// Records each event in a few words.
class Notes : public Observer {
 public:
  [[nodiscard]] const Trace& all() const { return all_; }
  /// Returns the notes that start with `word`.
  [[nodiscard]] Trace only(const std::string& word) const {
    Trace some;
    for (const std::string& note : all_) {
      if (note.starts_with(word)) some.push_back(note);
    }
    return some;
  }

  void task_created(TaskId task, const std::string& name) noexcept override {
    names_[task] = name;
    all_.push_back("created " + name);
  }
  void step_began(TaskId task, bool cancelled) noexcept override {
    all_.push_back("began " + names_[task] + (cancelled ? " cancelled" : ""));
  }
  void step_ended(TaskId task, const Awaited* awaited) noexcept override {
    const std::string what = awaited == nullptr
                                 ? "the next turn"
                                 : first_words(awaited->describe()) + kind(awaited->kind());
    all_.push_back("ended " + names_[task] + " for " + what);
  }
  void task_done(TaskId task, Outcome outcome) noexcept override {
    const std::vector<std::string> outcomes{"value", "failed", "cancelled"};
    all_.push_back("done " + names_[task] + " " + outcomes.at(static_cast<std::size_t>(outcome)));
  }
  void timer_armed(TimePoint when) noexcept override { all_.push_back("armed " + text(when)); }
  void timer_due(TimePoint when, TimePoint now) noexcept override {
    all_.push_back("due " + text(when) + (when == now ? "" : " late"));
  }
  void posts_taken(std::size_t count) noexcept override {
    all_.push_back("posts " + std::to_string(count));
  }
  void about_to_wait(std::optional<TimePoint> when) noexcept override {
    all_.push_back("waits " + (when ? "until " + text(*when) : "for ever"));
  }

 private:
  static std::string kind(Awaited::Kind kind) {
    const std::vector<std::string> kinds{" (timer)", " (task)", " (future)", " (descriptor)", ""};
    return kinds.at(static_cast<std::size_t>(kind));
  }
  static std::string first_words(const std::string& text) {
    return text.substr(0, text.find(" made"));
  }
  static std::string text(TimePoint time) {
    return std::to_string(
               std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch())
                   .count()) +
           "ms";
  }

  std::map<TaskId, std::string> names_;
  Trace all_;
};

void run_observed(Coroutine<void> main, Observer& observer,
                  ClockKind clock = ClockKind::virtual_time) {
  EventLoop loop(LoopOptions().clock(clock).observer(observer));
  loop.run_until_complete(std::move(main));
}

Coroutine<void> nap(Duration span) {
  co_await sleep(span);
}

TEST(Observer, SeesATaskFromItsCreationToItsEnd) {
  Notes notes;

  run_observed(nap(5ms), notes);

  EXPECT_EQ(notes.all(), (Trace{"created Task-1", "began Task-1", "armed 5ms",
                                "ended Task-1 for sleep() (timer)", "waits until 5ms", "due 5ms",
                                "began Task-1", "done Task-1 value"}));
}

TEST(Observer, SeesWhatEachTaskWaitsFor) {
  Notes notes;
  const auto main = []() -> Coroutine<void> {
    Lock lock;
    co_await lock.acquire();
    const auto wants_lock = [&]() -> Coroutine<void> { co_await lock.acquire(); };
    auto named = create_task(wants_lock(), "waiter");
    co_await sleep(0s);
    auto future = get_running_loop().create_future();
    const auto wants_future = [&]() -> Coroutine<void> { co_await future; };
    auto other = create_task(wants_future());
    co_await sleep(0s);
    lock.release();
    future.set_result();
    co_await named;
    co_await other;
  };

  run_observed(main(), notes);

  EXPECT_EQ(notes.only("ended"),
            (Trace{"ended Task-1 for the next turn", "ended waiter for Lock.acquire()",
                   "ended Task-1 for the next turn", "ended Task-2 for a future (future)",
                   "ended Task-1 for waiter (task)"}));
}

TEST(Observer, SeesCancellationsAndErrors) {
  Notes notes;
  const auto raises = []() -> Coroutine<void> {
    co_await sleep(0s);
    throw ValueError("x");
  };
  const auto main = [&]() -> Coroutine<void> {
    auto sleeper = create_task(nap(1h));
    auto unbegun = create_task(nap(1h));
    auto failing = create_task(raises());
    unbegun.cancel();
    co_await sleep(1ms);
    sleeper.cancel();
    (void)co_await as_result(sleeper);
    (void)co_await as_result(failing);
  };

  run_observed(main(), notes);

  EXPECT_EQ(notes.only("began Task-3"), (Trace{"began Task-3 cancelled"}));
  EXPECT_EQ(notes.only("began Task-2"), (Trace{"began Task-2", "began Task-2 cancelled"}));
  EXPECT_EQ(notes.only("done"), (Trace{"done Task-3 cancelled", "done Task-4 failed",
                                       "done Task-2 cancelled", "done Task-1 value"}));
}

TEST(Observer, SeesAnEagerTaskInsideTheStepThatCreatesIt) {
  Notes notes;
  const auto main = []() -> Coroutine<void> {
    auto task = create_task(nap(0ms), TaskOptions().eager_start(true));
    co_await task;
  };

  run_observed(main(), notes);

  EXPECT_EQ(notes.all(),
            (Trace{"created Task-1", "began Task-1", "created Task-2", "began Task-2",
                   "ended Task-2 for the next turn", "ended Task-1 for Task-2 (task)",
                   "began Task-2", "done Task-2 value", "began Task-1", "done Task-1 value"}));
}

TEST(Observer, SeesArmedCancelledAndLateTimers) {
  Notes notes;
  const auto main = []() -> Coroutine<void> {
    EventLoop& loop = get_running_loop();
    loop.call_later(1ms, [] {});
    TimerHandle cancelled = loop.call_later(2ms, [] {});
    cancelled.cancel();
    std::this_thread::sleep_for(3ms);
    co_await sleep(0s);
  };

  run_observed(main(), notes, ClockKind::real);

  EXPECT_EQ(notes.only("armed").size(), 2U);
  ASSERT_EQ(notes.only("due").size(), 1U);
  EXPECT_TRUE(notes.only("due").front().ends_with("late"));
}

TEST(Observer, SeesPostsFromOtherThreads) {
  Notes notes;
  const auto main = []() -> Coroutine<void> { co_await to_thread([] {}); };

  run_observed(main(), notes, ClockKind::real);

  EXPECT_EQ(notes.only("posts"), (Trace{"posts 1"}));
}

// On a virtual clock the timer queue also holds the turns of worker threads. They are not timers of
// the program.
TEST(Observer, SeesOnlyTheProgramsTimersOnAVirtualClock) {
  Notes notes;
  const auto main = []() -> Coroutine<void> { co_await to_thread([] { blocking_sleep(5ms); }); };

  run_observed(main(), notes);

  EXPECT_EQ(notes.only("armed"), Trace());
  EXPECT_EQ(notes.only("due"), Trace());
}

TEST(Observer, CanBeSetAndRemovedWhileTheLoopRuns) {
  Notes notes;
  const auto main = [&]() -> Coroutine<void> {
    co_await nap(1ms);
    EventLoop& loop = get_running_loop();
    loop.set_observer(&notes);
    EXPECT_EQ(loop.get_observer(), &notes);
    co_await nap(1ms);
    loop.set_observer(nullptr);
    co_await nap(1ms);
  };

  test::run_virtual(main());

  // The observer misses the step in which it is set, and sees only the start of the step in which
  // it is removed.
  EXPECT_EQ(notes.all(), (Trace{"armed 2ms", "waits until 2ms", "due 2ms", "began "}));
}

}  // namespace
}  // namespace asyncio
