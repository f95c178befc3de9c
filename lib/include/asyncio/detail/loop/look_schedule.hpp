#pragma once

#include <asyncio/base/time.hpp>
#include <chrono>
#include <cstdint>
#include <utility>

namespace asyncio::detail {

/// A schedule of looks: decides how often a loop with other work looks at its descriptors without
/// waiting. A look costs about 100 ns.
class LookSchedule {
 public:
  /// Creates a schedule. With `each_turn`, every turn looks.
  explicit LookSchedule(bool each_turn) noexcept : each_turn_(each_turn) {}

  /// Returns whether a look is due in this turn. `now` reads the clock.
  template <class Now>
  [[nodiscard]] bool is_due(Now now) noexcept {
    if (each_turn_) return true;
    // Tasks that the last look woke run in this turn, and often use up all the data that it found.
    if (std::exchange(just_found_events_, false)) return false;
    return ++turns_ >= kTurnsBetweenLooks || now() - last_look_ >= kTimeBetweenLooks;
  }

  /// Records a look at `time`, and whether it found events.
  void looked(TimePoint time, bool found_events) noexcept {
    turns_ = 0;
    last_look_ = time;
    just_found_events_ = found_events;
  }

 private:
  static constexpr std::uint32_t kTurnsBetweenLooks = 64;
  static constexpr Duration kTimeBetweenLooks = std::chrono::microseconds(20);

  bool each_turn_;
  bool just_found_events_ = false;  // in the previous turn
  std::uint32_t turns_ = 0;         // since the last look
  TimePoint last_look_{};
};

}  // namespace asyncio::detail
