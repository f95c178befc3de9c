#include <asyncio/combine/gather.hpp>
#include <asyncio/run/run.hpp>
#include <asyncio/task/generator.hpp>
#include <asyncio/thread/executor.hpp>
#include <csignal>
#include <thread>
#include <vector>

namespace asyncio {

namespace {

// Static initialisation runs on the main thread.
const std::thread::id main_thread = std::this_thread::get_id();

bool sigint_has_default_action() noexcept {
  struct sigaction present{};
  return ::sigaction(SIGINT, nullptr, &present) == 0 && present.sa_handler == SIG_DFL;
}

RunOptions checked(RunOptions options) {
  if (find_running_loop() != nullptr) {
    throw RuntimeError("asyncio.run() cannot be called from a running event loop");
  }
  return options;
}

/// Cancels main at the first SIGINT, for as long as it lives.
class SigintGuard {
 public:
  SigintGuard(EventLoop& loop, const AnyTask& main, bool wanted) : loop_(loop) {
    if (!wanted || std::this_thread::get_id() != main_thread || !sigint_has_default_action()) {
      return;
    }
    try {
      loop.add_signal_handler(SIGINT, [this, main] { interrupt(main); });
      loop.discount_signal_handler(SIGINT);
      installed_ = true;
    } catch (const RuntimeError&) {
      installed_ = false;  // another loop listens to signals, as its user has chosen
    }
  }
  SigintGuard(const SigintGuard&) = delete;
  SigintGuard& operator=(const SigintGuard&) = delete;
  ~SigintGuard() {
    if (installed_) loop_.remove_signal_handler(SIGINT);
  }
  [[nodiscard]] bool interrupted() const noexcept { return interrupted_; }

 private:
  void interrupt(const AnyTask& main) {
    interrupted_ = true;
    loop_.remove_signal_handler(SIGINT);  // the second one has its default action
    loop_.stop_accepting_coroutines();
    if (!main.cancel()) throw KeyboardInterrupt();  // it has ended meanwhile
  }

  EventLoop& loop_;
  bool installed_ = false;
  bool interrupted_ = false;
};

}  // namespace

MainRun::MainRun(RunOptions options)
    : handle_sigint_(options.handle_sigint_), loop_(checked(std::move(options)).loop_) {}

void MainRun::run_to_end(const AnyTask& main) {
  std::exception_ptr error;
  try {
    run_until_done(main);
  } catch (...) {
    error = std::current_exception();
  }
  shut_down();
  if (error) std::rethrow_exception(std::move(error));
}

void MainRun::run_until_done(const AnyTask& main) {
  const SigintGuard sigint(loop_, main, handle_sigint_);
  detail::run_until_done(loop_, main, /*own_task=*/true);
  if (sigint.interrupted() && main.cancelled() && main.uncancel() == 0) {
    throw KeyboardInterrupt();
  }
}

void MainRun::shut_down() {
  loop_.stop_accepting_coroutines();
  cancel_all_tasks();
  close_generators();
  loop_.run_until_complete(shutdown_default_executor());
  loop_.close();
}

void MainRun::close_generators() {
  if (!loop_.tasks().generators.linked()) return;
  try {
    loop_.run_until_complete(shutdown_asyncgens());
  } catch (const DeadlockError&) {
    return;  // reported: a clean-up that waits for ever is destroyed with the loop
  }
}

bool MainRun::cancel_or_report(const AnyTask& task) {
  ExceptionContext context;
  try {
    task.cancel();
    return true;
  } catch (...) {
    context.exception = std::current_exception();  // it awaits itself, round a cycle
  }
  context.message = "a task could not be cancelled";
  context.task_name = task.get_name();
  loop_.call_exception_handler(context);
  return false;
}

void MainRun::cancel_all_tasks() {
  std::vector<AnyTask> ending;
  for (const AnyTask& task : all_tasks(loop_)) {
    if (cancel_or_report(task)) ending.push_back(task);
  }
  if (ending.empty()) return;
  try {
    loop_.run_until_complete(gather(return_exceptions, ending));
  } catch (const DeadlockError&) {
    return;  // reported: what waits on in spite of its cancel is destroyed with the loop
  }
  for (const AnyTask& task : ending) {
    if (task.cancelled()) continue;
    ExceptionContext context;
    context.message = "unhandled exception during asyncio.run() shutdown";
    context.exception = task.exception();
    context.task_name = task.get_name();
    if (context.exception) loop_.call_exception_handler(context);
  }
}

}  // namespace asyncio
