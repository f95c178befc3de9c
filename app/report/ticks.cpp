#include "report/ticks.hpp"

#include "values/format_time.hpp"

namespace asyncdemo {

using namespace std::chrono_literals;

TimeUnit unit_for(Duration span) {
  if (span >= 1s || span == 0s) return {1s, "s", "s"};
  if (span >= 1ms) return {1ms, "ms", "ms"};
  if (span >= 1us) return {1us, "us", "µs"};
  return {1ns, "ns", "ns"};
}

Duration next_step(Duration step) {
  const bool begins_with_2 = std::to_string(step.count()).front() == '2';
  return begins_with_2 ? step / 2 * 5 : step * 2;
}

bool has_few_steps(Duration span, Duration step) {
  return (span - 1ns) / kMostSteps < step;  // kMostSteps * step could overflow
}

std::string tick_label(Duration at, const TimeUnit& unit) {
  return format_time(at, unit.length, {0, 9});
}

}  // namespace asyncdemo
