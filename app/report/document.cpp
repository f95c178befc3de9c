#include "report/document.hpp"

#include "values/format_time.hpp"
#include "values/json.hpp"

namespace asyncdemo {
namespace {

void write_ms(JsonWriter& json, std::string_view key, Duration time) {
  json.key(key).literal(format_time(time, std::chrono::milliseconds{1}, {1, 6}));
}

void write_parameters(JsonWriter& json, const RunRecord& run) {
  json.key("params").begin('{');
  for (const Parameter& parameter : run.parameters) {
    const auto write = [&](const auto& value) { json.member(parameter.name, value); };
    std::visit(write, parameter.value);
  }
  json.end('}');
}

void write_timers(JsonWriter& json, const Lateness& lateness) {
  json.key("timers").begin('{').member("n", lateness.count());
  json.key("late_ms").begin('{');
  write_ms(json, "mean", lateness.mean());
  write_ms(json, "p99", lateness.percentile(99));
  write_ms(json, "max", lateness.max());
  json.end('}').end('}');
}

void write_row(JsonWriter& json, const Row& row) {
  json.begin('{').member("name", row.name).member("task", row.task);
  json.member("start_s", row.start).member("end_s", row.end);
  json.member("state", to_string(row.state)).member("wakes", row.wakes).end('}');
}

void write_run(JsonWriter& json, const RunRecord& run) {
  json.begin_document().member("scenario", run.scenario);
  json.member("clock", run.clock == asyncio::ClockKind::real ? "real" : "virtual");
  write_parameters(json, run);
  json.member("expected_s", run.expected).member("tolerance_s", run.tolerance);
  json.member("elapsed_s", run.elapsed).member("verdict", to_string(run.verdict));
  write_timers(json, run.recording.lateness());
  json.key("rows").begin('[');
  for (const Row& row : run.recording.rows()) write_row(json, row);
  json.end(']').end('}');
}

}  // namespace

std::string document_of(const RunRecord& run) {
  std::string document;
  JsonWriter json(document);
  write_run(json, run);
  return document;
}

std::string document_of(const std::vector<const RunRecord*>& runs) {
  std::string document;
  JsonWriter json(document);
  json.begin_document().key("runs").begin('[');
  for (const RunRecord* const run : runs) write_run(json, *run);
  json.end(']').end('}');
  return document;
}

}  // namespace asyncdemo
