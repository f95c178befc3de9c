#include "recorded_run.hpp"

#include <algorithm>
#include <stdexcept>

namespace asyncdemo_test {
namespace {

using namespace asyncdemo;

const ScenarioInfo& find_scenario(std::string_view name) {
  for (const ScenarioInfo* const info : scenarios()) {
    if (info->name == name) return *info;
  }
  throw std::invalid_argument("no such scenario");
}

void set(std::vector<Option>& options, const std::string& name, const std::string& value) {
  const auto found = std::find_if(options.begin(), options.end(), [&](const Option& option) {
    return option.text.long_name == name;
  });
  if (found == options.end()) throw std::invalid_argument("no option " + name);
  found->set(value);
}

}  // namespace

RecordedRun::RecordedRun(std::string_view scenario, const Options& options)
    : scenario_(find_scenario(scenario).make(settings_)) {
  settings_.clock = asyncio::ClockKind::virtual_time;
  std::vector<Option> known = scenario_->options();
  for (const OptionGroup& group : common_options(settings_)) {
    known.insert(known.end(), group.options.begin(), group.options.end());
  }
  for (const auto& [name, value] : options) set(known, name, value);
  record_.scenario = scenario;
  record_.clock = clock_of(settings_);
  record_.interval = settings_.interval;
  record_.expected = scenario_->ideal();
  record_.formula = scenario_->formula();
  record_.lesson = scenario_->lesson();
}

RecordedRun& RecordedRun::run(std::vector<Output*> outputs) {
  outputs.insert(outputs.begin(), &record_.recording);
  watch_ = std::make_unique<Watch>(record_.clock, std::move(outputs));
  watch_->want_tasks();
  const Outcome outcome = run_scenario(*scenario_, {record_.clock, false, false}, *watch_);
  record_.elapsed = outcome.elapsed;
  record_.signal = outcome.signal;
  return *this;
}

std::string RecordedRun::chart(const ChartStyle& style) const {
  return draw_timeline(record_, record_.elapsed, record_.expected, style);
}

std::vector<std::string> lines_of(std::string_view text) {
  EXPECT_TRUE(text.ends_with('\n')) << text;
  std::vector<std::string> lines;
  while (!text.empty()) {
    const auto end = text.find('\n');
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

}  // namespace asyncdemo_test
