#include "asyncio/base/time.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <ratio>

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using Seconds = std::chrono::duration<double>;
using Picoseconds = std::chrono::duration<std::int64_t, std::pico>;
using UnsignedHours = std::chrono::duration<std::uint64_t, std::ratio<3600>>;

static_assert(to_duration(3ms) == 3'000'000ns);
static_assert(add_saturated(TimePoint(1s), 2s) == TimePoint(3s));
static_assert(!TimeLimit(std::nullopt).limited());

TEST(ToDuration, CountsWholeNanoseconds) {
  EXPECT_EQ(to_duration(1h), Duration(3'600'000'000'000));
  EXPECT_EQ(to_duration(-5us), Duration(-5'000));
  EXPECT_EQ(to_duration(Seconds(0.25)), 250ms);
}

TEST(ToDuration, RoundsUpSoThatAWaitIsNeverTooShort) {
  EXPECT_EQ(to_duration(Picoseconds(1)), 1ns);
  EXPECT_EQ(to_duration(Picoseconds(1001)), 2ns);
  EXPECT_EQ(to_duration(Picoseconds(-1)), 0ns);
  EXPECT_EQ(to_duration(std::chrono::duration<double, std::nano>(1.5)), 2ns);
}

TEST(ToDuration, ClampsHugeSpansToItsRange) {
  EXPECT_EQ(to_duration(std::chrono::hours::max()), Duration::max());
  EXPECT_EQ(to_duration(std::chrono::hours::min()), Duration::min());
  EXPECT_EQ(to_duration(UnsignedHours::max()), Duration::max());
  EXPECT_EQ(to_duration(Seconds(1e300)), Duration::max());
  EXPECT_EQ(to_duration(Seconds(-1e300)), Duration::min());
  EXPECT_EQ(to_duration(Seconds(std::numeric_limits<double>::infinity())), Duration::max());
  EXPECT_EQ(to_duration(Duration::max()), Duration::max());
  // In seconds these are within the limits; as a float number of nanoseconds they are beyond them.
  EXPECT_EQ(to_duration(std::chrono::duration<float>(9'223'371'776.0F)), Duration::max());
  EXPECT_EQ(to_duration(std::chrono::duration<float>(-9'223'371'776.0F)), Duration::min());
}

TEST(ToDuration, RefusesNotANumber) {  // B86
  EXPECT_THROW((void)to_duration(Seconds(std::numeric_limits<double>::quiet_NaN())), ValueError);
}

TEST(AddSaturated, StopsAtTheLimitsOfTimePoint) {
  EXPECT_EQ(add_saturated(TimePoint(1s), Duration::max()), TimePoint::max());
  EXPECT_EQ(add_saturated(TimePoint(-1s), Duration::min()), TimePoint::min());
  EXPECT_EQ(add_saturated(TimePoint::max(), -1ns), TimePoint::max() - 1ns);
}

TEST(TimeLimit, AcceptsAnyDurationOrNone) {
  const TimeLimit none = std::nullopt;
  const TimeLimit limit = 1500ms;
  const TimeLimit floating = Seconds(0.5);

  EXPECT_FALSE(none.limited());
  EXPECT_TRUE(limit.limited());
  EXPECT_EQ(limit.span(), 1500ms);
  EXPECT_EQ(floating.span(), 500ms);
}

}  // namespace
}  // namespace asyncio
