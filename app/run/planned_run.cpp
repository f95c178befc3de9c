#include "run/planned_run.hpp"

#include <algorithm>

namespace asyncdemo {
namespace {

std::string parameter_name(const Option& option, const ParameterValue& value) {
  std::string name = option.text.long_name;
  std::replace(name.begin(), name.end(), '-', '_');
  if (std::holds_alternative<Duration>(value)) name += "_s";
  return name;
}

}  // namespace

void plan(RunRecord& run, const PlannedRun& planned, const Settings& settings) {
  run.scenario = planned.name;
  run.clock = clock_of(settings);
  run.parameters = {{"cycles", std::int64_t{settings.cycles}}, {"interval_s", settings.interval}};
  for (const Option& option : planned.options) {
    const ParameterValue value = option.value();
    run.parameters.push_back({parameter_name(option, value), value});
  }
  run.interval = settings.interval;
  run.ideal = planned.scenario->ideal();
  run.expected = planned.check ? planned.check->expected : run.ideal;
  if (planned.check) run.tolerance = planned.check->tolerance;
  run.most_late = settings.max_late;
  run.formula = planned.scenario->formula();
  run.lesson = planned.scenario->lesson();
}

}  // namespace asyncdemo
