#include "report/svg.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "recorded_run.hpp"
#include "report/svg_axis.hpp"
#include "xml_checker.hpp"

namespace asyncdemo_test {
namespace {

using namespace std::chrono_literals;
using asyncdemo::Duration;
using asyncdemo::Event;
using asyncdemo::RunRecord;

std::string picture_of(const std::vector<const RunRecord*>& runs) {
  return asyncdemo::draw_svg(runs);
}

std::string drawn(const std::string& command_line) {
  return picture_of({&RecordedRun(command_line).run().record()});
}

std::size_t count_of(std::string_view text, std::string_view what) {
  std::size_t count = 0;
  for (auto at = text.find(what); at != std::string_view::npos; at = text.find(what, at + 1)) {
    ++count;
  }
  return count;
}

bool has(std::string_view text, std::string_view what) {
  return text.find(what) != std::string_view::npos;
}

/// Makes a run whose texts are all `name`, with one coroutine that slept for `span`.
std::unique_ptr<RunRecord> made_up_run(std::string_view name, Duration span) {
  auto run = std::make_unique<RunRecord>();
  run->scenario = name;
  run->formula = name;
  run->lesson = name;
  run->elapsed = span;
  const auto tell = [&](Event::Kind kind, Duration at) {
    Event event{.kind = kind, .at = at, .since = {}, .row = 0};
    event.name = event.task = name;
    event.asleep = true;
    run->recording.take(event);
  };
  tell(Event::Kind::started, 0ns);
  tell(Event::Kind::waiting, 0ns);
  tell(Event::Kind::woke, span);
  tell(Event::Kind::done, span);
  return run;
}

TEST(Svg, IsWellFormedAndNeedsNothingElse) {
  for (const std::string& line : recorded_command_lines()) {
    const std::string svg = drawn(line);

    SCOPED_TRACE(line);
    EXPECT_EQ(xml_error(svg), "");
    for (const char* foreign : {"<script", "href", "url(", "@import", "<style", "<image", "<!"}) {
      EXPECT_FALSE(has(svg, foreign)) << foreign;
    }
    EXPECT_EQ(count_of(svg, "://"), 1U) << "the namespace alone";
    EXPECT_FALSE(has(svg, "nan"));
    EXPECT_FALSE(has(svg, "inf"));
    EXPECT_LT(svg.size(), 32'000U);
  }
}

TEST(Svg, SaysInWordsWhatEachBarShows) {
  const std::string gather = drawn("gather");
  const std::string cancel = drawn("cancel");
  const std::string thread = drawn("thread");

  EXPECT_TRUE(has(gather, "<g><title>task1 (Task-2): 5.00 s, done, woke 5 times</title>"));
  EXPECT_EQ(count_of(gather, "<g><title>task"), 3U);
  EXPECT_TRUE(has(cancel, "<g><title>task1 (Task-2): 2.00 s, cancelled, woke 2 times</title>"));
  EXPECT_TRUE(has(cancel, "<g><title>task1 (exc) (Task-3): 2.00 s, raised, woke 2 times</title>"));
  EXPECT_TRUE(has(thread, "<g><title>task_block (thread): 2.00 s, done, woke 2 times</title>"));
  EXPECT_TRUE(
      has(drawn("single -n 1"), "<g><title>test (Task-1): 1.00 s, done, woke once</title>"));
}

TEST(Svg, HasATextAlternative) {
  std::vector<XmlElement> elements;
  const std::string svg = drawn("double");
  ASSERT_EQ(xml_error(svg, &elements), "");

  const auto& root = elements.at(0).attributes;
  const auto has_attribute = [&](const char* key, const char* value) {
    return std::ranges::find(root, std::pair<std::string, std::string>(key, value)) != root.end();
  };
  EXPECT_TRUE(has_attribute("role", "img"));
  EXPECT_TRUE(has_attribute("aria-labelledby", "asyncdemo-title asyncdemo-desc"));
  EXPECT_TRUE(has(svg, "<title id=\"asyncdemo-title\">double: 10.00 s = 5 + 5</title>"));
  EXPECT_TRUE(has(svg,
                  "<desc id=\"asyncdemo-desc\">double: 10.00 s = 5 + 5. one task, one await after "
                  "the other. test 1 (Task-1): 5.00 s, done, woke 5 times. "));
}

TEST(Svg, TellsStatesApartByShape) {
  const std::string svg = drawn("cancel");

  EXPECT_TRUE(has(svg, "m-3.5 -3.5l7 7m0 -7l-7 7")) << "a cross: raised";
  EXPECT_TRUE(has(svg, "m-4.5 4.5l9 -9")) << "a bar: cancelled";
  EXPECT_FALSE(has(svg, "m-4 .5l3 3l5.5 -6.5")) << "a tick: done";
}

TEST(Svg, PutsRunsThatAreComparedOnOneAxis) {
  RecordedRun twice("double");
  RecordedRun gather("gather");
  const std::string svg = picture_of({&twice.run().record(), &gather.run().record()});

  EXPECT_EQ(xml_error(svg), "");
  EXPECT_TRUE(has(svg, "double: 10.00 s = 5 + 5; gather: 5.00 s = max(5, 5, 5)</title>"));
  EXPECT_EQ(count_of(svg, ">10 s</text>"), 2U);
  EXPECT_EQ(count_of(svg, ">awake</text>"), 2U);
}

TEST(Svg, FoldsRowsBeyondTwenty) {
  EXPECT_TRUE(has(drawn("gather -t 1000 -n 1"), ">... 980 more rows alike</text>"));
  EXPECT_TRUE(has(drawn("gather -t 21 -n 1"), ">... 1 more row alike</text>"));
  EXPECT_FALSE(has(drawn("gather -t 20 -n 1"), "alike"));
}

TEST(Svg, DrawsNoWakesIfTheyWouldTouch) {
  const std::string few = drawn("single -n 5");
  const std::string many = drawn("single -n 500");
  const std::string more = drawn("single -n 5000");

  EXPECT_EQ(count_of(few, "a4 4 0 1 0 8 0"), 5U) << "four and the legend's";
  EXPECT_EQ(count_of(many, "a4 4 0 1 0 8 0"), 0U);
  EXPECT_EQ(count_of(more, "a4 4 0 1 0 8 0"), 0U);
  EXPECT_LT(more.size(), 12'000U);
}

TEST(Svg, SaysThatARunWasInterrupted) {
  RecordedRun gather("gather");
  RunRecord& run = gather.run().record();
  run.verdict = asyncdemo::Verdict::interrupted;

  EXPECT_TRUE(has(picture_of({&run}), "interrupted after 5.00 s, planned: max(5, 5, 5)"));
}

TEST(Svg, TakesNamesWithMarkupAndLongOnes) {
  for (const std::string& name : {std::string("<b a=\"1\">&amp;]]>'"), std::string(500, 'x')}) {
    const auto run = made_up_run(name, 1s);

    EXPECT_EQ(xml_error(picture_of({run.get()})), "") << name;
  }
}

TEST(Svg, HoldsEveryTime) {
  for (const Duration span : {0ns, 1ns, 13ns, Duration(999ms), Duration(1h), Duration::max()}) {
    const auto run = made_up_run("test", span);
    const std::string svg = picture_of({run.get(), run.get()});

    EXPECT_EQ(xml_error(svg), "") << span.count();
    EXPECT_FALSE(has(svg, "nan")) << svg;
  }
  EXPECT_TRUE(has(picture_of({made_up_run("test", Duration::max()).get()}), "9223372036.85 s"));
}

TEST(SvgWithoutARun, IsAPictureToo) {
  EXPECT_EQ(xml_error(picture_of(std::vector<const RunRecord*>{})), "");
  const RunRecord nothing;
  EXPECT_EQ(xml_error(picture_of({&nothing})), "");
}

// --- Its parts ---

TEST(SvgAxis, HasAtMostTwelveStepsNoneFinerThanACycle) {
  const auto labels = [](Duration span, Duration cycle) {
    std::string text;
    for (const auto& mark : asyncdemo::SvgAxis(span, cycle, 0, 1000).marks(6)) {
      text += mark.label + "|";
    }
    return text;
  };

  EXPECT_EQ(labels(5s, 1s), "0|1|2|3|4|5 s|");
  EXPECT_EQ(labels(13s, 1s), "0|2|4|6|8|10|12 s|");
  EXPECT_EQ(labels(1s, 0s), "0|0.1|0.2|0.3|0.4|0.5|0.6|0.7|0.8|0.9|1 s|");
  EXPECT_EQ(labels(100ms, 20ms), "0|20|40|60|80|100 ms|");
  EXPECT_EQ(labels(300ms, 1s), "0|50|100|150|200|250|300 ms|");
  EXPECT_EQ(labels(3ns, 1ns), "0|1|2|3 ns|");
  EXPECT_EQ(labels(0s, 0s), "0 s|");
}

TEST(SvgAxis, RoundsDurationsInItsUnit) {
  EXPECT_EQ(asyncdemo::SvgAxis(5s, 1s, 0, 1).duration(4s + 996ms), "5.00 s");
  EXPECT_EQ(asyncdemo::SvgAxis(5ms, 1s, 0, 1).duration(1234us), "1.23 ms");
  EXPECT_EQ(asyncdemo::SvgAxis(5ns, 1s, 0, 1).duration(3ns), "3 ns");
  EXPECT_EQ(asyncdemo::title_seconds(5s + 4ms), "5.00");
  EXPECT_EQ(asyncdemo::title_seconds(100'449us), "0.1004");
  EXPECT_EQ(asyncdemo::title_seconds(100ms), "0.10");
  EXPECT_EQ(asyncdemo::title_seconds(15ns), "0.000000015");
}

}  // namespace
}  // namespace asyncdemo_test
