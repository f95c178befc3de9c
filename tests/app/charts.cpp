#include "charts.hpp"

#include "recorded_run.hpp"

namespace asyncdemo_test {

using namespace asyncdemo;

std::string chart_of(const std::string& command_line, const ChartStyle& style) {
  std::string text = "\n";
  text += RecordedRun(command_line).run().chart(style);
  return text;
}

MadeUp::MadeUp(Duration start, Duration interval) {
  run.scenario.append("single");  // g++ 12 warns of an assignment without cause
  run.formula.append("1");
  run.interval = interval;
  take({.kind = Event::Kind::started, .at = start});
  take({.kind = Event::Kind::waiting, .at = start, .asleep = true});
}

void MadeUp::take(Event event) {
  event.row = 0;
  event.name = "test";
  event.task = "Task-1";
  run.recording.take(event);
}

std::string MadeUp::row(Duration now, Duration span) const {
  const std::string line = lines_of(draw_timeline(run, now, span, {})).at(2);
  return line.substr(23, line.rfind("  ") - 23);
}

std::string MadeUp::axis(Duration now, Duration span) const {
  return lines_of(draw_timeline(run, now, span, {})).at(1).substr(23);
}

}  // namespace asyncdemo_test
