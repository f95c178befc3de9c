#include "report/live.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>

#include "fake_terminal.hpp"
#include "recorded_run.hpp"
#include "support/process_state.hpp"

namespace asyncdemo_test {
namespace {

using namespace asyncdemo;
using namespace std::chrono_literals;
using asyncio::test::EnvironmentVariable;

/// A run with a live chart, made up event by event.
struct LiveRun {
  explicit LiveRun(bool lines = true)
      : chart(run, {.style = {}, .span = 5s, .lines = lines, .elapsed = [this] { return now; }}) {
    run.scenario.append("single");
    run.formula.append("5");
    run.interval = 1s;
  }
  void take(Event event) {
    event.at = now;
    event.task = "Task-1";
    run.recording.take(event);
    chart.take(event);
  }
  void start(std::string_view name, std::size_t row = 0) {
    take({.kind = Event::Kind::started, .row = row, .name = name});
  }

  RunRecord run;
  Duration now{0};
  LiveChart chart;
};

const std::string kRow = "test           Task-1  ├";

bool shows(std::string_view text, const std::string& what) {
  const auto lines = screen_after(text);
  return std::any_of(lines.begin(), lines.end(),
                     [&](const std::string& line) { return line.starts_with(what); });
}

TEST(LiveChart, LeavesTheLinesAndTheFinalChartOnTheScreen) {
  for (const char* scenario : {"double", "gather", "cancel", "wait", "wait-for", "threadsafe"}) {
    RecordedRun run(scenario);
    LiveChart live(run.record(), {.style = {}, .span = run.ideal(), .elapsed = [&] {
                                    return run.observer().elapsed();
                                  }});
    FakeTerminal terminal(80, 24);
    run.run({&live});
    live.finish();

    const std::string text = terminal.close();
    SCOPED_TRACE(scenario + (": " + testing::PrintToString(text)));
    const auto screen = screen_after(text);
    const auto chart = lines_of(run.chart());

    ASSERT_GT(screen.size(), chart.size());
    const auto lines = static_cast<std::ptrdiff_t>(screen.size() - chart.size());
    EXPECT_TRUE(std::equal(chart.begin(), chart.end(), screen.begin() + lines));
    EXPECT_TRUE(std::all_of(screen.begin(), screen.begin() + lines, [](const std::string& line) {
      return line.find("cycle: ") != std::string::npos || line.starts_with("Task-") ||
             line == "timeout";
    }));
  }
}

TEST(LiveChart, IsDrawnWhenTheLoopIsAboutToWait) {
  FakeTerminal terminal(80, 24);
  LiveRun live;
  live.start("test");

  live.chart.pause(1s);

  live.chart.interrupt();
  const std::string text = terminal.close();
  EXPECT_TRUE(shows(text.substr(0, text.find("\x1b[J")), kRow)) << text;
  EXPECT_TRUE(screen_after(text).empty());
}

TEST(LiveChart, IsNotDrawnAgainIfNothingHasChanged) {
  FakeTerminal terminal(80, 24);
  LiveRun live;
  live.start("test");

  live.chart.pause(Duration::max());
  live.chart.pause(Duration::max());

  live.chart.interrupt();
  const std::string text = terminal.close();
  EXPECT_EQ(text.find(kRow), text.rfind(kRow));
}

TEST(LiveChart, LeavesShortWaitsOut) {
  FakeTerminal terminal(80, 24);
  LiveRun live;
  const auto begin = std::chrono::steady_clock::now();
  live.start("a");
  live.chart.pause(1ms);
  live.start("b", 1);

  live.chart.pause(1ms);

  const bool in_time = std::chrono::steady_clock::now() - begin < 20ms;
  live.chart.interrupt();
  const std::string text = terminal.close();
  EXPECT_NE(text.find("\na "), std::string::npos);
  EXPECT_TRUE(text.find("\nb ") == std::string::npos || !in_time);
}

TEST(LiveChart, HasLinesAboveIt) {
  FakeTerminal terminal(80, 24);
  LiveRun live;
  live.start("test");
  live.chart.pause(1s);

  live.take({.kind = Event::Kind::line, .text = "one"});
  live.take({.kind = Event::Kind::line, .text = "two"});
  live.now = live.run.elapsed = 5s;
  live.take({.kind = Event::Kind::done, .row = 0});
  live.chart.finish();

  const auto screen = screen_after(terminal.close());
  ASSERT_EQ(screen.size(), 6U);
  EXPECT_EQ(screen[0], "one");
  EXPECT_EQ(screen[1], "two");
  EXPECT_EQ(screen[4].substr(0, 23), "test           Task-1  ");
  EXPECT_EQ(screen[5], "awake          loop");
}

TEST(LiveChart, ShowsNoLinesIfNoneAreWanted) {
  FakeTerminal terminal(80, 24);
  LiveRun live(false);

  live.take({.kind = Event::Kind::line, .text = "one"});

  EXPECT_EQ(terminal.close(), "");
}

TEST(LiveChart, IsDrawnWhenSomethingHappensOnAThread) {
  FakeTerminal terminal(80, 24);
  LiveRun live;

  live.take({.kind = Event::Kind::started, .row = 0, .name = "test", .on_thread = true});

  live.chart.interrupt();
  EXPECT_NE(terminal.close().find(kRow), std::string::npos);
}

TEST(LiveChart, IsDrawnSeldomInAFlood) {
  FakeTerminal terminal(80, 24);
  LiveRun live;
  const auto begin = std::chrono::steady_clock::now();
  live.start("test");

  for (int line = 0; line < 5000; ++line) live.take({.kind = Event::Kind::line, .text = "flood"});

  const auto took = std::chrono::steady_clock::now() - begin;
  live.chart.interrupt();
  const std::string text = terminal.close();
  const auto drawn = std::count(text.begin(), text.end(), 'w');  // of "awake"
  EXPECT_GE(drawn, 40);
  EXPECT_LE(drawn, 60 + took / 2ms);
  EXPECT_EQ(screen_after(text).size(), 5000U);
}

TEST(LiveChart, LeavesTheTerminalToMessagesOnceItIsInterrupted) {
  FakeTerminal terminal(80, 24);
  LiveRun live;
  live.start("test");
  live.chart.pause(1s);

  live.chart.interrupt();
  ASSERT_EQ(::write(STDOUT_FILENO, "message\n", 8), 8);
  live.take({.kind = Event::Kind::cancelled, .row = 0, .on_thread = true});
  live.chart.pause(1s);
  live.run.elapsed = 5s;
  live.chart.finish();

  const auto screen = screen_after(terminal.close());
  ASSERT_EQ(screen.size(), 5U);
  EXPECT_EQ(screen[0], "message");
  EXPECT_EQ(screen[4], "awake          loop");
}

TEST(LiveChart, DrawsOverNothingThatOthersHaveWritten) {
  FakeTerminal terminal(80, 24);
  LiveRun live;
  live.start("test");
  live.chart.pause(1s);

  ASSERT_EQ(::write(STDOUT_FILENO, "message\n", 8), 8);
  live.run.elapsed = 5s;
  live.chart.finish();

  const auto screen = screen_after(terminal.close());
  ASSERT_EQ(screen.size(), 5U);
  EXPECT_EQ(screen[0], "message");
  EXPECT_TRUE(screen[1].starts_with("single "));
}

TEST(LiveChart, IsErasedIfTheRunFails) {
  FakeTerminal terminal(80, 24);
  {
    LiveRun live;
    live.start("test");
    live.take({.kind = Event::Kind::line, .text = "one"});
    live.chart.pause(1s);
  }

  EXPECT_EQ(screen_after(terminal.close()), std::vector<std::string>{"one"});
}

TEST(LiveChart, FoldsRowsOnALowTerminalAndVanishesOnATinyOne) {
  FakeTerminal terminal(50, 10);
  LiveRun live;
  for (std::size_t row = 0; row < 9; ++row) live.start("test", row);
  live.chart.pause(1s);
  terminal.resize(39, 10);
  live.now = 1s;
  live.start("test", 9);
  live.chart.pause(2s);

  const std::string text = terminal.close();
  EXPECT_NE(text.find("... 5 more rows alike"), std::string::npos) << text;
  EXPECT_TRUE(screen_after(text).empty());
}

TEST(LiveChart, TellsWhyItCannotBeShown) {
  const EnvironmentVariable term("TERM", "xterm");
  FakeTerminal terminal(40, 8);
  EXPECT_EQ(LiveChart::obstacle(), std::nullopt);

  terminal.resize(0, 0);
  EXPECT_EQ(LiveChart::obstacle(), std::nullopt) << "a terminal that does not report its size";
  terminal.resize(39, 8);
  EXPECT_EQ(LiveChart::obstacle(), "the terminal is smaller than 40 x 8");
  terminal.resize(40, 7);
  EXPECT_EQ(LiveChart::obstacle(), "the terminal is smaller than 40 x 8");
  terminal.resize(80, 24);
  const EnvironmentVariable dumb("TERM", "dumb");
  EXPECT_EQ(LiveChart::obstacle(), "stdout is a dumb terminal");
  const EnvironmentVariable unset("TERM", std::nullopt);
  EXPECT_EQ(LiveChart::obstacle(), "stdout is a terminal of unknown kind: TERM is not set");
}

}  // namespace
}  // namespace asyncdemo_test
