#include "run/recording.hpp"

#include <gtest/gtest.h>

#include <numeric>

#include "recorded_run.hpp"

namespace asyncdemo_test {
namespace {

using namespace asyncdemo;
using namespace std::chrono_literals;

/// A recording with one row.
struct OneRow {
  OneRow() { take({.kind = Event::Kind::started}); }
  void take(Event event) {
    event.row = 0;
    recording.take(event);
  }
  void wake(Duration at, bool on_thread = false) {
    take({.kind = Event::Kind::woke, .at = at, .on_thread = on_thread});
  }
  void block(Duration at) { take({.kind = Event::Kind::blocked, .at = at, .on_thread = true}); }
  void wait(Duration at, bool asleep) {
    take({.kind = Event::Kind::waiting, .at = at, .asleep = asleep});
  }
  [[nodiscard]] const Row& row() const { return recording.rows().at(0); }

  Recording recording;
};

std::vector<Doing> doings(const Row& row) {
  std::vector<Doing> all;
  for (const Row::Change& change : row.changes) all.push_back(change.doing);
  return all;
}

TEST(Recording, HasARowForEachCoroutine) {
  RecordedRun run("wait");

  const auto& rows = run.run().record().recording.rows();

  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].name, "task1");
  EXPECT_EQ(rows[0].task, "Task-2");
  EXPECT_EQ(rows[0].state, RowState::done);
  EXPECT_EQ(rows[0].end, 2s);
  EXPECT_EQ(rows[0].wakes, 2U);
  EXPECT_EQ(rows[1].state, RowState::cancelled);
  EXPECT_EQ(rows[1].end, 3s);
  EXPECT_EQ(rows[1].wakes, 2U) << "it was cancelled before its third wake";
}

TEST(Recording, CountsTheTimersOfMainOnlyForTheLateness) {
  RecordedRun run("wait");

  const Recording& recording = run.run().record().recording;

  EXPECT_EQ(recording.awake().moments().size(), 2U);
  EXPECT_GE(recording.lateness().count(), 5U);
}

TEST(Recording, SeesNoChangeIfARowGoesOnAsBefore) {
  OneRow task;
  task.wait(0s, true);
  task.wake(1s);
  task.wait(1s, true);
  EXPECT_EQ(doings(task.row()), (std::vector{Doing::running, Doing::sleeping}));

  task.wake(2s);
  task.wait(2s, false);
  EXPECT_EQ(doings(task.row()), (std::vector{Doing::running, Doing::sleeping, Doing::awaiting}));
}

TEST(Recording, ShowsAThreadAsAwaitingUnlessItBlocksAgain) {
  OneRow thread;
  thread.block(0s);
  thread.wake(1s, true);
  EXPECT_EQ(doings(thread.row()), (std::vector{Doing::running, Doing::blocked, Doing::awaiting}));
  EXPECT_EQ(thread.row().state, RowState::unfinished);

  thread.block(1001ms);
  EXPECT_EQ(doings(thread.row()), (std::vector{Doing::running, Doing::blocked}));
  EXPECT_EQ(thread.row().state, RowState::blocked);
  EXPECT_TRUE(thread.recording.awake().moments().empty()) << "no timer woke it";
}

TEST(Recording, KeepsNoWakesOfARowThatHasTooMany) {
  OneRow task;
  task.wait(0s, true);
  for (std::uint64_t wake = 1; wake <= Recording::kMostWakes; ++wake) {
    task.wake(Duration(wake));
  }
  EXPECT_EQ(task.row().woke.size(), Recording::kMostWakes);

  task.wake(5s);

  EXPECT_TRUE(task.row().dense);
  EXPECT_TRUE(task.row().woke.empty());
  EXPECT_EQ(task.row().wakes, Recording::kMostWakes + 1);
  EXPECT_EQ(task.row().last_woke, 5s);
}

TEST(Recording, KeepsTheHistoryOfTheFirstRowsOnly) {
  RecordedRun run("gather --tasks 50");

  const auto& rows = run.run().record().recording.rows();

  ASSERT_EQ(rows.size(), 50U);
  EXPECT_EQ(rows[19].woke.size(), 5U);
  EXPECT_TRUE(rows[20].woke.empty());
  EXPECT_TRUE(rows[20].changes.empty());
  EXPECT_EQ(rows[49].wakes, 5U);
  EXPECT_EQ(rows[49].end, 5s);
}

TEST(Recording, IsBoundedHoweverManyWakesThereAre) {
  RecordedRun run("single --cycles 100000");

  const auto& moments = run.run().record().recording.awake().moments();

  EXPECT_LE(moments.size(), 4096U);
  EXPECT_GE(moments.size(), 1024U);
  EXPECT_EQ(std::accumulate(moments.begin(), moments.end(), std::uint64_t{0},
                            [](auto sum, const auto& moment) { return sum + moment.count; }),
            100000U);
}

TEST(Recording, ChangesItsVersionOnlyWithARow) {
  OneRow task;
  const auto before = task.recording.version();

  task.take({.kind = Event::Kind::line, .at = 1s});
  task.take({.kind = Event::Kind::step, .at = 1s});
  EXPECT_EQ(task.recording.version(), before);

  task.take({.kind = Event::Kind::done, .at = 1s});
  EXPECT_EQ(task.recording.version(), before + 1);
}

}  // namespace
}  // namespace asyncdemo_test
