#pragma once

#include <asyncio/base/time.hpp>
#include <chrono>
#include <cstdint>

namespace asyncio {

/// Which time a loop goes by.
enum class ClockKind : std::uint8_t {
  real,          ///< the system's steady clock
  virtual_time,  ///< starts at zero and jumps to the next deadline when nothing else is left
};

namespace detail {

/// A loop's clock: one branch decides between the system's time and a number.
class LoopTime {
 public:
  explicit LoopTime(ClockKind kind) noexcept : kind_(kind) {}

  [[nodiscard]] bool is_virtual() const noexcept { return kind_ == ClockKind::virtual_time; }

  [[nodiscard]] TimePoint now() const noexcept {
    if (is_virtual()) return virtual_now_;
    return TimePoint(
        std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now().time_since_epoch()));
  }

  /// REQUIRES: is_virtual() and `when` not in the past.
  void jump_to(TimePoint when) noexcept { virtual_now_ = when; }

 private:
  ClockKind kind_;
  TimePoint virtual_now_{};
};

}  // namespace detail
}  // namespace asyncio
