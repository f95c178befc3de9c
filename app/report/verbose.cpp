#include "report/verbose.hpp"

#include <fmt/format.h>

#include <asyncio/asyncio.hpp>
#include <utility>

#include "report/jsonl.hpp"
#include "system/streams.hpp"

namespace asyncdemo {

VerboseOutput::VerboseOutput(const RunRecord& plan) {
  const bool real = plan.clock == asyncio::ClockKind::real;
  complain(fmt::format("plan: {}, {} s = {} on the {} clock: {}", plan.scenario,
                       seconds(plan.expected), plan.formula, real ? "real" : "virtual",
                       plan.lesson));
}

void VerboseOutput::take(const Event& event) {
  if (event.kind == Event::Kind::resumed && !std::exchange(wrote_backend_, true)) {
    complain(fmt::format("backend: {}", asyncio::get_running_loop().backend()));
  }
  const std::string_view what = public_name(event.kind);
  if (what.empty() || event.kind == Event::Kind::line) return;
  std::string line = seconds(event.at);
  for (const std::string_view part : {event.task, event.name, what}) {
    if (part.empty()) continue;
    line += ' ';
    line += part;
  }
  if (!event.text.empty()) line += fmt::format(" ({})", event.text);
  complain(line);
}

}  // namespace asyncdemo
