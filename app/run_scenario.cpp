#include "run_scenario.hpp"

#include <csignal>

#include "process.hpp"
#include "report/streams.hpp"

namespace asyncdemo {
namespace {

using namespace std::chrono_literals;
using asyncio::ClockKind;

std::string counted(std::size_t count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

std::string in_one_line(const asyncio::ExceptionContext& context) {
  if (!context.exception) return context.message;
  return fmt::format("{}: {}", context.message, asyncio::describe(context.exception));
}

/// Lets the watch know that main runs.
class Presence {
 public:
  explicit Presence(Watch& watch) : watch_(watch) { watch_.enter(asyncio::get_running_loop()); }
  Presence(const Presence&) = delete;
  Presence& operator=(const Presence&) = delete;
  ~Presence() { watch_.leave(); }

 private:
  Watch& watch_;
};

/// A scenario's main under the tool's care: signals, errors that nobody retrieves, the time.
class SupervisedRun {
 public:
  SupervisedRun(Scenario& scenario, const RunSetup& setup, Watch& watch)
      : scenario_(scenario), setup_(setup), watch_(watch) {
    watch_.begin();
  }

  asyncio::Coroutine<> main() {
    const Presence presence(watch_);
    watch_signals();
    report_unseen_errors();
    try {
      co_await scenario_.main();
    } catch (const asyncio::CancelledError&) {
      if (signal_ == 0) throw;
    }
    if (signal_ != 0 && setup_.clock == ClockKind::real) co_await announce_blocked_threads();
  }

  [[nodiscard]] Outcome outcome() const { return {watch_.elapsed(), signal_}; }

 private:
  void watch_signals() {
    auto& loop = asyncio::get_running_loop();
    for (const int signo : {SIGINT, SIGTERM}) {
      loop.add_signal_handler(signo, [this, signo] { interrupt(signo); });
    }
  }

  void report_unseen_errors() {
    auto report = [this](asyncio::EventLoop&, const asyncio::ExceptionContext& context) {
      // That stdout is full is told once, at the end, not by each task that tried.
      if (!watch_.failed()) complain(in_one_line(context));
    };
    asyncio::get_running_loop().set_exception_handler(report);
  }

  /// The first signal. The defaults come back before anything that could take long.
  void interrupt(int signo) {
    auto& loop = asyncio::get_running_loop();
    loop.remove_signal_handler(SIGINT);
    loop.remove_signal_handler(SIGTERM);
    restore_default_signals();
    signal_ = signo;
    watch_.stop();
    loop.accept_coroutines(false);

    auto tasks = asyncio::all_tasks();
    remark(fmt::format("interrupted after {} s; cancelling {}", seconds(watch_.elapsed()),
                       counted(tasks.size(), "task")));
    for (auto& task : tasks) (void)task.cancel();  // false: it has just ended
  }

  /// A cancelled thread that waits for the loop ends at once, one that sleeps does not: told
  /// apart by giving them a moment.
  asyncio::Coroutine<> announce_blocked_threads() {
    auto& loop = asyncio::get_running_loop();
    const auto patience_ends = loop.time() + 50ms;
    while (loop.jobs_in_flight() > 0 && loop.time() < patience_ends) {
      co_await asyncio::sleep(5ms);
    }
    if (const auto blocked = loop.jobs_in_flight(); blocked > 0) {
      remark(fmt::format("waiting for {} (Ctrl-C again to quit now)",
                         counted(blocked, "blocked thread")));
    }
  }

  void remark(std::string_view text) const {
    if (setup_.tell_user) complain(text);
  }

  Scenario& scenario_;
  const RunSetup& setup_;
  Watch& watch_;
  int signal_ = 0;
};

}  // namespace

Outcome run_scenario(Scenario& scenario, const RunSetup& setup, Watch& watch) {
  scenario.tell(watch);
  asyncio::LoopOptions loop;
  loop.clock(setup.clock);
  if (setup.debug) loop.debug(true);
  if (watch.wants_tasks()) loop.observer(watch);
  SupervisedRun supervised(scenario, setup, watch);
  asyncio::run(supervised.main(), asyncio::RunOptions().loop(std::move(loop)).handle_sigint(false));
  return supervised.outcome();
}

}  // namespace asyncdemo
