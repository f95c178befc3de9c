#pragma once

#include "run/run_observer.hpp"
#include "run/scenario.hpp"

namespace asyncdemo {

/// How a run went that ended without an error.
struct Outcome {
  Duration elapsed{0};  ///< real time around asyncio::run, or the virtual clock at its end
  int signal = 0;       ///< the one that interrupted it, or 0
};

/// What a run is told beside its scenario.
struct RunSetup {
  asyncio::ClockKind clock = asyncio::ClockKind::real;
  bool debug = false;     ///< the loop's debug mode, also without ASYNCIO_DEBUG
  bool tell_user = true;  ///< on standard error, of an interruption
};

/// Runs `scenario` to its end, or until SIGINT or SIGTERM: then every task is cancelled and
/// awaited, and a second signal ends the process at once.
///
/// Throws: what the scenario throws; std::system_error when a loop cannot be made.
[[nodiscard]] Outcome run_scenario(Scenario& scenario, const RunSetup& setup,
                                   RunObserver& observer);

}  // namespace asyncdemo
