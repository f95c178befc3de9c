#include "report/document.hpp"

#include <nlohmann/json.hpp>

namespace asyncdemo {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kSchema = 1;

// Nanoseconds up to 2^53 and their quotient are exact in a double, or rounded once; its shortest
// text has then no more decimals than the nanoseconds.
Json json_ms(Duration d) {
  return static_cast<double>(d.count()) / 1e6;
}

Json optional_seconds(const std::optional<Duration>& d) {
  return d ? json_seconds(*d) : Json(nullptr);
}

Json parameters(const std::vector<Parameter>& parameters) {
  Json object = Json::object();
  for (const Parameter& parameter : parameters) {
    object[parameter.name] = std::visit(
        [](const auto& value) -> Json {
          if constexpr (std::is_same_v<std::decay_t<decltype(value)>, Duration>) {
            return json_seconds(value);
          } else {
            return value;
          }
        },
        parameter.value);
  }
  return object;
}

Json timers(const Lateness& lateness) {
  return {{"n", lateness.count()},
          {"late_ms",
           {{"mean", json_ms(lateness.mean())},
            {"p99", json_ms(lateness.percentile(99))},
            {"max", json_ms(lateness.max())}}}};
}

Json row_object(const Row& row) {
  return {{"name", row.name},
          {"task", row.task},
          {"start_s", json_seconds(row.start)},
          {"end_s", json_seconds(row.end)},
          {"state", to_string(row.state)},
          {"wakes", row.wakes}};
}

Json head() {
  return {{"schema", kSchema}, {"version", ASYNCDEMO_VERSION}};
}

void add_run(Json& document, const RunRecord& run) {
  document["scenario"] = run.scenario;
  document["clock"] = run.clock == asyncio::ClockKind::real ? "real" : "virtual";
  document["params"] = parameters(run.parameters);
  document["expected_s"] = json_seconds(run.expected);
  document["tolerance_s"] = optional_seconds(run.tolerance);
  document["elapsed_s"] = json_seconds(run.elapsed);
  document["verdict"] = to_string(run.verdict);
  document["timers"] = timers(run.recording.lateness());
  Json& rows = document["rows"] = Json::array();
  for (const Row& row : run.recording.rows()) rows.push_back(row_object(row));
}

}  // namespace

Json json_seconds(Duration d) {
  return static_cast<double>(d.count()) / 1e9;
}

std::string document_of(const RunRecord& run) {
  Json document = head();
  add_run(document, run);
  return document.dump();
}

std::string document_of(const std::vector<const RunRecord*>& runs) {
  Json document = head();
  Json& all = document["runs"] = Json::array();
  for (const RunRecord* const run : runs) {
    Json one = head();
    add_run(one, *run);
    all.push_back(std::move(one));
  }
  return document.dump();
}

}  // namespace asyncdemo
