#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "run/event.hpp"
#include "run/lateness.hpp"
#include "values/duration.hpp"

namespace asyncdemo {

/// The activity of a coroutine.
enum class Doing : std::uint8_t { running, sleeping, awaiting, blocked };

/// The state of a coroutine, or how it ended.
enum class RowState : std::uint8_t { unfinished, blocked, done, cancelled, raised };
[[nodiscard]] std::string_view to_string(RowState state);

/// A coroutine of the scenario, or a function on a worker thread.
struct Row {
  struct Change {
    Duration at;
    Doing doing;
  };

  std::string name;
  std::string task;  ///< the task that runs it: "Task-2", or "thread"
  Duration start{0};
  Duration end{0};  ///< the time of its last event while it is unfinished
  RowState state = RowState::unfinished;
  std::uint64_t wakes = 0;
  Duration last_woke{-1};

  // The history, kept for the first rows only, and only while there is room.
  std::vector<Change> changes;
  std::vector<Duration> woke;  ///< the times of its wakes
  bool dense = false;          ///< it woke too often: none are kept

  [[nodiscard]] bool ended() const noexcept {
    return state != RowState::unfinished && state != RowState::blocked;
  }
  /// Returns when it ended. A row that has not ended lasts until `now`.
  [[nodiscard]] Duration end_at(Duration now) const { return ended() ? end : std::max(end, now); }
};

/// How many coroutines were woken by timers, by time. If there are too many wakes, those close
/// together are merged.
class WakeCounts {
 public:
  struct Moment {
    Duration at;
    std::uint64_t count;
  };
  void add(Duration at);
  [[nodiscard]] const std::vector<Moment>& moments() const noexcept { return moments_; }

 private:
  static constexpr std::size_t kMost = 4096;
  void merge_neighbours();
  std::vector<Moment> moments_;
  Duration resolution_{1};
};

/// The data of a run that the chart, the SVG and the JSON document need. Its size is bounded by the
/// number of rows, not by what they do.
class Recording final : public EventSink {
 public:
  /// How many rows are kept in full for pictures, and how many wakes for each.
  static constexpr std::size_t kDrawnRows = 20;
  static constexpr std::size_t kMostWakes = 1024;

  void take(const Event& event) override;

  /// Returns all rows in the order they started.
  [[nodiscard]] const std::vector<Row>& rows() const noexcept { return rows_; }
  /// Returns the rows that pictures show.
  [[nodiscard]] std::span<const Row> drawn_rows() const {
    return std::span(rows_).first(std::min(rows_.size(), kDrawnRows));
  }
  [[nodiscard]] const WakeCounts& awake() const noexcept { return awake_; }
  [[nodiscard]] const Lateness& lateness() const noexcept { return lateness_; }
  /// Returns a counter that grows by one with each change of a row.
  [[nodiscard]] std::uint64_t version() const noexcept { return version_; }

 private:
  void start(const Event& event);
  void change(Row& row, Duration at, Doing doing);
  void wake(Row& row, const Event& event);
  static void end(Row& row, Duration at, RowState state);

  std::vector<Row> rows_;
  WakeCounts awake_;
  Lateness lateness_;
  std::uint64_t version_ = 0;
};

}  // namespace asyncdemo
