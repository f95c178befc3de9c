#include "scenarios/table.hpp"

#include <array>

namespace asyncdemo {

extern const ScenarioInfo kSingle;
extern const ScenarioInfo kDouble;
extern const ScenarioInfo kParallel;
extern const ScenarioInfo kGather;
extern const ScenarioInfo kCancel;
extern const ScenarioInfo kWait;
extern const ScenarioInfo kWaitFor;
extern const ScenarioInfo kThread;
extern const ScenarioInfo kThreadsafe;

std::span<const ScenarioInfo* const> scenarios() {
  static constexpr std::array kTable{
      &kSingle, &kDouble, &kParallel, &kGather, &kCancel, &kWait, &kWaitFor, &kThread, &kThreadsafe,
  };
  return kTable;
}

}  // namespace asyncdemo
