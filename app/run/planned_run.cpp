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

void plan(RunRecord& run, const Job& job, const Settings& settings) {
  run.scenario = job.name;
  run.clock = clock_of(settings);
  run.parameters = {{"cycles", std::int64_t{settings.cycles}}, {"interval_s", settings.interval}};
  for (const Option& option : job.options) {
    const ParameterValue value = option.value();
    run.parameters.push_back({parameter_name(option, value), value});
  }
  run.interval = settings.interval;
  run.ideal = job.scenario->ideal();
  run.expected = job.check ? job.check->expected : run.ideal;
  if (job.check) run.tolerance = job.check->tolerance;
  run.most_late = settings.max_late;
  run.formula = job.scenario->formula();
  run.lesson = job.scenario->lesson();
}

}  // namespace asyncdemo
