#include "run/run_scenario.hpp"

#include <csignal>
#include <map>
#include <string>

#include "system/process.hpp"
#include "system/streams.hpp"

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

/// Reports errors that are never retrieved: each text once, and at the end how often it was
/// repeated, because a hundred thousand tasks can fail alike.
class UnseenErrors {
 public:
  UnseenErrors() = default;
  UnseenErrors(const UnseenErrors&) = delete;
  UnseenErrors& operator=(const UnseenErrors&) = delete;
  ~UnseenErrors() {
    for (const auto& [text, repeated] : texts_) {
      if (repeated > 0) complain(fmt::format("{} (and {} more)", text, repeated));
    }
  }

  void add(const std::string& text) {
    const auto [entry, is_new] = texts_.try_emplace(text, 0);
    if (is_new) {
      complain(text);
    } else {
      ++entry->second;
    }
  }

 private:
  std::map<std::string, std::size_t> texts_;
};

/// Tells the observer, while it exists, that main runs.
class ActiveLoop {
 public:
  explicit ActiveLoop(RunObserver& observer) : observer_(observer) {
    observer_.enter(asyncio::get_running_loop());
  }
  ActiveLoop(const ActiveLoop&) = delete;
  ActiveLoop& operator=(const ActiveLoop&) = delete;
  ~ActiveLoop() { observer_.leave(); }

 private:
  RunObserver& observer_;
};

/// A scenario's main with the tool's handling of signals and of errors that are never retrieved.
class SupervisedRun {
 public:
  SupervisedRun(Scenario& scenario, const RunSetup& setup, RunObserver& observer)
      : scenario_(scenario), setup_(setup), observer_(observer) {
    observer_.begin();
  }

  asyncio::Coroutine<> main() {
    const ActiveLoop active(observer_);
    watch_signals();
    report_unseen_errors();
    try {
      co_await scenario_.main();
    } catch (const asyncio::CancelledError&) {
      if (signal_ == 0 && !observer_.interrupted()) throw;
    }
    if (observer_.interrupted()) co_await wait_for_signal();
    if (signal_ != 0 && setup_.clock == ClockKind::real) co_await announce_blocked_threads();
  }

  [[nodiscard]] Outcome outcome() const { return {observer_.elapsed(), signal_}; }

 private:
  void watch_signals() {
    auto& loop = asyncio::get_running_loop();
    for (const int signo : {SIGINT, SIGTERM}) {
      if (is_ignored(signo)) continue;
      loop.add_signal_handler(signo, [this, signo] { interrupt(signo); });
    }
    // A signal may have come before there was a loop.
    if (const int signo = recorded_signal(); signo != 0) {
      loop.call_soon([this, signo] { interrupt(signo); });
    }
  }

  /// Waits for the loop to handle the signal that has ended a write.
  asyncio::Coroutine<> wait_for_signal() {
    try {
      while (signal_ == 0) co_await asyncio::sleep(0s);
    } catch (const asyncio::CancelledError&) {
      if (signal_ == 0) throw;
    }
  }

  void report_unseen_errors() {
    auto report = [this](asyncio::EventLoop&, const asyncio::ExceptionContext& context) {
      // A full stdout is reported once, at the end, not for each task that printed.
      if (!observer_.failed()) unseen_errors_.add(in_one_line(context));
    };
    asyncio::get_running_loop().set_exception_handler(report);
  }

  /// Handles the first signal. Restores the defaults before anything that could take long.
  void interrupt(int signo) {
    auto& loop = asyncio::get_running_loop();
    loop.remove_signal_handler(SIGINT);
    loop.remove_signal_handler(SIGTERM);
    restore_default_signals();
    signal_ = signo;
    observer_.stop();
    loop.accept_coroutines(false);

    auto tasks = asyncio::all_tasks();
    remark(fmt::format("interrupted after {} s; cancelling {}", seconds(observer_.elapsed()),
                       counted(tasks.size(), "task")));
    for (auto& task : tasks) (void)task.cancel();  // false: it has just ended
  }

  /// Reports threads that still sleep after their cancellation. Threads that wait for the loop end
  /// at once, so those left after a moment are asleep.
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

  UnseenErrors unseen_errors_;
  Scenario& scenario_;
  const RunSetup& setup_;
  RunObserver& observer_;
  int signal_ = 0;
};

}  // namespace

Outcome run_scenario(Scenario& scenario, const RunSetup& setup, RunObserver& observer) {
  scenario.set_observer(observer);
  asyncio::LoopOptions loop;
  loop.clock(setup.clock);
  if (setup.debug) loop.debug(true);
  if (observer.wants_tasks()) loop.observer(observer);
  SupervisedRun supervised(scenario, setup, observer);
  asyncio::Runner runner(asyncio::RunOptions().loop(std::move(loop)).handle_sigint(false));
  (void)runner.get_loop();  // throws before main begins if no loop can be created
  runner.run(supervised.main());
  runner.close();
  return supervised.outcome();
}

}  // namespace asyncdemo
