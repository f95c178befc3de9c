#include "run_scenario.hpp"

#include <csignal>

#include "process.hpp"
#include "report/output.hpp"

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

/// A scenario's main under the tool's care: signals, errors that nobody retrieves, the time.
class SupervisedRun {
 public:
  SupervisedRun(Scenario& scenario, ClockKind clock, TextReport& report)
      : scenario_(scenario), clock_(clock), report_(report) {}

  asyncio::Coroutine<> main() {
    watch_signals();
    report_unseen_errors();
    try {
      co_await scenario_.main();
    } catch (const asyncio::CancelledError&) {
      if (signal_ == 0) throw;
    }
    if (signal_ != 0 && clock_ == ClockKind::real) co_await announce_blocked_threads();
    virtual_elapsed_ = asyncio::get_running_loop().time().time_since_epoch();
  }

  [[nodiscard]] Outcome outcome() const {
    return {clock_ == ClockKind::real ? real_elapsed() : virtual_elapsed_, signal_};
  }

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
      if (!report_.failed()) complain(in_one_line(context));
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
    report_.stop();
    loop.accept_coroutines(false);

    auto tasks = asyncio::all_tasks();
    report_.remark(fmt::format("interrupted after {} s; cancelling {}", seconds(elapsed_now()),
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
      report_.remark(fmt::format("waiting for {} (Ctrl-C again to quit now)",
                                 counted(blocked, "blocked thread")));
    }
  }

  [[nodiscard]] Duration real_elapsed() const { return std::chrono::steady_clock::now() - start_; }

  [[nodiscard]] Duration elapsed_now() const {
    if (clock_ == ClockKind::real) return real_elapsed();
    return asyncio::get_running_loop().time().time_since_epoch();
  }

  Scenario& scenario_;
  const ClockKind clock_;
  TextReport& report_;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  Duration virtual_elapsed_{0};
  int signal_ = 0;
};

}  // namespace

Outcome run_scenario(Scenario& scenario, ClockKind clock, TextReport& report) {
  scenario.print_to(report);
  SupervisedRun supervised(scenario, clock, report);
  asyncio::run(supervised.main(), asyncio::RunOptions().clock(clock).handle_sigint(false));
  return supervised.outcome();
}

}  // namespace asyncdemo
