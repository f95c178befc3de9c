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

Duration longest_step(Duration limit) {
  Duration step = 1ns;
  while (next_step(step) <= limit) step = next_step(step);
  return step;
}

Duration shortest_step(Duration limit, Duration span) {
  Duration step = 1ns;
  // The second condition says span > kMostSteps * step, which could overflow.
  while (step < limit || (span - 1ns) / kMostSteps >= step) step = next_step(step);
  return step;
}

Duration next_step(Duration step) {
  const bool begins_with_2 = std::to_string(step.count()).front() == '2';
  return begins_with_2 ? step / 2 * 5 : step * 2;
}

std::string tick_label(Duration at, const TimeUnit& unit) {
  return format_time(at, unit.length, {0, 9});
}

}  // namespace asyncdemo
