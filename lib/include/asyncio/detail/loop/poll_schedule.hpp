#pragma once

#include <asyncio/base/time.hpp>
#include <chrono>
#include <cstdint>
#include <utility>

namespace asyncio::detail {

/// A schedule of polls: decides how often a loop with other work polls its descriptors without
/// waiting. A poll costs about 100 ns.
class PollSchedule {
 public:
  /// Creates a schedule. With `each_turn`, every turn polls.
  explicit PollSchedule(bool each_turn) noexcept : each_turn_(each_turn) {}

  /// Returns whether a poll is due in this turn. `now` reads the clock.
  template <class Now>
  [[nodiscard]] bool is_due(Now now) noexcept {
    if (each_turn_) return true;
    // Tasks that the last poll woke run in this turn, and often use up all the data that it found.
    if (std::exchange(just_found_events_, false)) return false;
    return ++turns_ >= kTurnsBetweenPolls || now() - last_poll_ >= kTimeBetweenPolls;
  }

  /// Records a poll at `time`, and whether it found events.
  void polled(TimePoint time, bool found_events) noexcept {
    turns_ = 0;
    last_poll_ = time;
    just_found_events_ = found_events;
  }

 private:
  static constexpr std::uint32_t kTurnsBetweenPolls = 64;
  static constexpr Duration kTimeBetweenPolls = std::chrono::microseconds(20);

  bool each_turn_;
  bool just_found_events_ = false;  // in the previous turn
  std::uint32_t turns_ = 0;         // since the last poll
  TimePoint last_poll_{};
};

}  // namespace asyncio::detail
