#include "values/duration.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace asyncdemo {
namespace {

using namespace std::chrono_literals;

TEST(Duration, TakesEveryUnit) {
  EXPECT_EQ(parse_duration("3ns"), 3ns);
  EXPECT_EQ(parse_duration("3us"), 3us);
  EXPECT_EQ(parse_duration("3ms"), 3ms);
  EXPECT_EQ(parse_duration("3s"), 3s);
  EXPECT_EQ(parse_duration("3m"), 3min);
  EXPECT_EQ(parse_duration("3h"), 3h);
}

TEST(Duration, IsSecondsWithoutAUnit) {
  EXPECT_EQ(parse_duration("0"), 0ns);
  EXPECT_EQ(parse_duration("2"), 2s);
  EXPECT_EQ(parse_duration("1.5"), 1500ms);
  EXPECT_EQ(parse_duration("010"), 10s);
}

TEST(Duration, IsExactToTheNanosecond) {
  EXPECT_EQ(parse_duration("0.1"), 100ms);
  EXPECT_EQ(parse_duration("0.000000001"), 1ns);
  EXPECT_EQ(parse_duration("16777217.000000001s"), 16777217s + 1ns);
  EXPECT_EQ(parse_duration("0.7h"), 42min);
  EXPECT_EQ(parse_duration("0.0001220703125h"), 439453125ns);
  EXPECT_EQ(parse_duration("0.0000000001h"), 360ns);
  EXPECT_EQ(parse_duration("0.00000000005m"), 3ns);
}

TEST(Duration, MayEndInZerosThatSayNothing) {
  EXPECT_EQ(parse_duration("1.000000000000000000000000"), 1s);
  EXPECT_EQ(parse_duration("5.0ns"), 5ns);
  EXPECT_EQ(parse_duration("000000000000000000000000001"), 1s);
}

TEST(Duration, RefusesFractionsOfANanosecond) {
  for (const char* text : {"0.5ns", "0.0000000001", "0.0001us", "1.0000000001s",
                           "0.00006103515625h", "0.33333333333m", "0.00000000000000000000001h"}) {
    EXPECT_THROW((void)parse_duration(text), std::invalid_argument) << text;
  }
}

TEST(Duration, RefusesWhatIsNotWrittenAsOne) {
  for (const char* text :
       {"",    ".",  "1.",  ".5", "s",    "-1",    "+1",  " 1",  "1 ",  "1 s", "1e3",
        "0x1", "1S", "1Ms", "1d", "1sec", "1.2.3", "1,5", "inf", "nan", "1ss"}) {
    EXPECT_THROW((void)parse_duration(text), std::invalid_argument) << text;
  }
}

TEST(Duration, ReachesAsFarAs64BitsHoldAndNoFurther) {
  EXPECT_EQ(parse_duration("9223372036854775807ns"), std::chrono::nanoseconds::max());
  EXPECT_EQ(parse_duration("9223372036.854775807"), std::chrono::nanoseconds::max());
  for (const char* text : {"9223372036854775808ns", "9223372036.854775808", "9223372037s",
                           "2562048h", "99999999999999999999999999h"}) {
    EXPECT_THROW((void)parse_duration(text), std::out_of_range) << text;
  }
}

TEST(ShortDuration, EndsAtOneHour) {
  EXPECT_EQ(parse_short_duration("1h"), 1h);
  EXPECT_EQ(parse_short_duration("60m"), 1h);
  for (const char* text : {"3600.000000001", "61m", "99999999999999999999999999h"}) {
    EXPECT_THROW((void)parse_short_duration(text), std::invalid_argument) << text;
  }
}

TEST(DurationArithmetic, Saturates) {
  const Duration longest = Duration::max();

  EXPECT_EQ(plus(2s, 3s), 5s);
  EXPECT_EQ(plus(longest, 1ns), longest);
  EXPECT_EQ(plus(longest - 1ns, 1ns), longest);
  EXPECT_EQ(times(3, 2s), 6s);
  EXPECT_EQ(times(0, longest), 0s);
  EXPECT_EQ(times(2, longest / 2), longest - 1ns);
  EXPECT_EQ(times(2, longest / 2 + 1ns), longest);
}

TEST(DurationText, RoundsToTheNearestMillisecond) {
  EXPECT_EQ(seconds(0ns), "0.000");
  EXPECT_EQ(seconds(499'999ns), "0.000");
  EXPECT_EQ(seconds(500'000ns), "0.001");
  EXPECT_EQ(seconds(1s + 999'500us), "2.000");
  EXPECT_EQ(seconds(3600'000s + 4ms), "3600000.004");
  EXPECT_EQ(seconds(Duration::max()), "9223372036.855");
  EXPECT_EQ(exact_seconds(5s + 1ns), "5.000000001");
}

}  // namespace
}  // namespace asyncdemo
