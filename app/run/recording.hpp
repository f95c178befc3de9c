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

/// What a coroutine does from a moment on.
enum class Doing : std::uint8_t { running, sleeping, awaiting, blocked };

/// How a coroutine stands, or how it has ended.
enum class RowState : std::uint8_t { unfinished, blocked, done, cancelled, raised };
[[nodiscard]] std::string_view to_string(RowState state);

/// A coroutine of the scenario, or a function on a worker thread.
struct Row {
  struct Change {
    Duration at;
    Doing doing;
  };

  std::string name;
  std::string task;  ///< whose it is: "Task-2", or "thread"
  Duration start{0};
  Duration end{0};  ///< of its last event while it is unfinished
  RowState state = RowState::unfinished;
  std::uint64_t wakes = 0;
  Duration last_woke{-1};

  // How it got there; only for the first rows, and only while there is room.
  std::vector<Change> changes;
  std::vector<Duration> woke;  ///< where it went on sleeping, or blocking, as before
  bool dense = false;          ///< there were too many wakes to keep any

  [[nodiscard]] bool ended() const noexcept {
    return state != RowState::unfinished && state != RowState::blocked;
  }
  /// When it ended; what has not lasts until `now`.
  [[nodiscard]] Duration end_at(Duration now) const { return ended() ? end : std::max(end, now); }
};

/// How many coroutines a timer woke when. Wakes that are too close for the memory count as one
/// moment.
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

/// What is kept of a run for the chart, the SVG and the JSON document: bounded by the number of
/// rows, not by what they do.
class Recording final : public EventSink {
 public:
  /// How many rows are kept in full, for pictures; and how many wakes of each at most.
  static constexpr std::size_t kDrawnRows = 20;
  static constexpr std::size_t kMostWakes = 1024;

  void take(const Event& event) override;

  /// In the order of their starts.
  [[nodiscard]] const std::vector<Row>& rows() const noexcept { return rows_; }
  /// Those that pictures show.
  [[nodiscard]] std::span<const Row> drawn_rows() const {
    return std::span(rows_).first(std::min(rows_.size(), kDrawnRows));
  }
  [[nodiscard]] const WakeCounts& awake() const noexcept { return awake_; }
  [[nodiscard]] const Lateness& lateness() const noexcept { return lateness_; }
  /// Grows by one with each change of what the others show.
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
