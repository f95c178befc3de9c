#pragma once

#include "run/run_observer.hpp"
#include "run/scenario.hpp"

namespace asyncdemo {

/// The outcome of a run that ended without an error.
struct Outcome {
  Duration elapsed{0};  ///< real time around asyncio::run, or the virtual clock at its end
  int signal = 0;       ///< the signal that interrupted it, or 0
};

/// The settings of a run.
struct RunSetup {
  asyncio::ClockKind clock = asyncio::ClockKind::real;
  bool debug = false;     ///< use the loop's debug mode even without ASYNCIO_DEBUG
  bool tell_user = true;  ///< report an interruption on standard error
};

/// Runs `scenario` to its end. SIGINT or SIGTERM cancels every task and awaits it; a second signal
/// ends the process at once.
///
/// Throws: the scenario's error; std::system_error if no loop can be created.
[[nodiscard]] Outcome run_scenario(Scenario& scenario, const RunSetup& setup,
                                   RunObserver& observer);

}  // namespace asyncdemo
