#include "report/document.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <type_traits>

#include "values/json.hpp"

// Written by hand, and not by a library, for the sake of its numbers: whole nanoseconds, as decimal
// fractions that a shell can compare, of any size.

namespace asyncdemo {
namespace {

std::string head() {
  return fmt::format(R"({{"schema":{},"version":"{}")", kSchema, ASYNCDEMO_VERSION);
}

std::string json_value(const ParameterValue& value) {
  return std::visit(
      [](const auto& held) -> std::string {
        using T = std::decay_t<decltype(held)>;
        if constexpr (std::is_same_v<T, Duration>) {
          return json_seconds(held);
        } else {
          return nlohmann::json(held).dump();
        }
      },
      value);
}

std::string parameters(const RunRecord& run) {
  std::string members;
  for (const Parameter& parameter : run.parameters) {
    if (!members.empty()) members += ',';
    members += fmt::format(R"("{}":{})", parameter.name, json_value(parameter.value));
  }
  return members;
}

std::string timers(const Lateness& lateness) {
  return fmt::format(R"({{"n":{},"late_ms":{{"mean":{},"p99":{},"max":{}}}}})", lateness.count(),
                     json_ms(lateness.mean()), json_ms(lateness.percentile(99)),
                     json_ms(lateness.max()));
}

void append_row(std::string& out, const Row& row) {
  if (!out.empty()) out += ',';
  fmt::format_to(std::back_inserter(out),
                 R"({{"name":{},"task":{},"start_s":{},"end_s":{},"state":"{}","wakes":{}}})",
                 json_text(row.name), json_text(row.task), json_seconds(row.start),
                 json_seconds(row.end), to_string(row.state), row.wakes);
}

}  // namespace

std::string document_of(const RunRecord& run) {
  std::string rows;
  for (const Row& row : run.recording.rows()) append_row(rows, row);
  return fmt::format(
      R"({},"scenario":"{}","clock":"{}","params":{{{}}},"expected_s":{},"tolerance_s":{},)"
      R"("elapsed_s":{},"verdict":"{}","timers":{},"rows":[{}]}})",
      head(), run.scenario, run.clock == asyncio::ClockKind::real ? "real" : "virtual",
      parameters(run), json_seconds(run.expected),
      run.tolerance ? json_seconds(*run.tolerance) : "null", json_seconds(run.elapsed),
      to_string(run.verdict), timers(run.recording.lateness()), rows);
}

std::string document_of(const std::vector<const RunRecord*>& runs) {
  std::string documents;
  for (const RunRecord* const run : runs) {
    if (!documents.empty()) documents += ',';
    documents += document_of(*run);
  }
  return fmt::format(R"({},"runs":[{}]}})", head(), documents);
}

}  // namespace asyncdemo
