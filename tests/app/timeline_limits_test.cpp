// The chart with extreme durations, widths and names.

#include <gtest/gtest.h>

#include <random>

#include "charts.hpp"
#include "recorded_run.hpp"
#include "report/columns.hpp"

namespace asyncdemo_test {
namespace {

using namespace asyncdemo;
using namespace std::chrono_literals;

void expect_to_fit(const RunRecord& run, Duration now, ChartStyle style) {
  for (style.width = 40; style.width <= 120; ++style.width) {
    for (const std::string& line : lines_of(draw_timeline(run, now, run.expected, style))) {
      ASSERT_LE(columns_of(line), style.width) << line;
      ASSERT_FALSE(line.ends_with(' ')) << line;
    }
    style.ascii = !style.ascii;
  }
}

TEST(Timeline, IsNeverWiderThanAskedFor) {
  static const std::vector<std::string> kRuns{
      "single --cycles 1",
      "single --cycles 1500 --interval 1h",
      "double --cycles 37 --interval 1234567ns",
      "gather --tasks 30 --cycles 7 --interval 999s",
      "gather --tasks 100 --interval 0",
      "cancel --raise-at 0",
      "cancel --return-exceptions --interval 1ns",
      "wait --timeout 0",
      "wait --timeout 1ns --short-cycles 0",
      "wait --timeout 1h --return-when first-completed",
      "wait-for --timeout 7ns --interval 3ns --shield",
      "wait-for --timeout 0",
      "thread --block-cycles 0 --short-cycles 0 --cycles 3",
      "thread --block-cycles 33 --interval 17ms",
      "threadsafe --delay 0 --interval 0",
      "threadsafe --delay 1h --short-cycles 1100 --interval 1us",
  };
  for (const std::string& line : kRuns) {
    RecordedRun run(line);
    SCOPED_TRACE(run.run().chart());

    EXPECT_EQ(run.record().elapsed, run.ideal());
    expect_to_fit(run.record(), run.record().elapsed, {});
    expect_to_fit(run.record(), run.record().elapsed / 3, {});
    expect_to_fit(run.record(), Duration::max(), {});
  }
}

TEST(Timeline, HoldsTheLongestDuration) {
  MadeUp made(Duration::max() - 1ns, 1h);
  made.run.formula = std::string(200, '9');
  made.run.lesson = "it is as long as it can be";
  made.take({.kind = Event::Kind::done, .at = Duration::max()});

  const auto lines = lines_of(draw_timeline(made.run, Duration::max(), Duration::max(), {}));

  EXPECT_EQ(lines.at(0).substr(0, 27), "single     9223372036.85 s ");
  EXPECT_TRUE(lines.at(1).ends_with(" 9000000000s")) << lines.at(1);
  EXPECT_TRUE(lines.at(2).ends_with(" ✓  0.00")) << lines.at(2);
  expect_to_fit(made.run, Duration::max(), {});
}

TEST(Timeline, TakesAnyEventsInAnyColumn) {
  std::minstd_rand random(7);
  for (int round = 0; round < 300; ++round) {
    const auto any = [&] { return Duration(random() % (1ULL << (1 + random() % 40))); };
    MadeUp made(any(), any());
    made.run.recording.take({.kind = Event::Kind::started,
                             .at = any(),
                             .row = 1,
                             .task = std::string(random() % 30, 'T'),
                             .name = std::string(random() % 60, 'n')});
    for (auto count = random() % 40; count > 0; --count) {
      const auto kind = static_cast<Event::Kind>(3 + random() % 6);
      made.take({.kind = kind, .at = any(), .asleep = random() % 2 == 0});
    }
    made.run.expected = any();
    expect_to_fit(made.run, any(), {.color = false, .rows = 1 + random() % 3});
  }
}

}  // namespace
}  // namespace asyncdemo_test
