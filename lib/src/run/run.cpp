#include <asyncio/combine/gather.hpp>
#include <asyncio/detail/task/task_support.hpp>
#include <asyncio/run/run.hpp>
#include <asyncio/task/generator.hpp>
#include <asyncio/thread/executor.hpp>
#include <csignal>
#include <string>
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

/// A guard that cancels main at the first SIGINT during its lifetime.
class SigintGuard {
 public:
  SigintGuard(EventLoop& loop, const AnyTask& main, bool wanted) : loop_(loop) {
    if (!wanted || std::this_thread::get_id() != main_thread || !sigint_has_default_action()) {
      return;
    }
    try {
      loop.add_signal_handler(SIGINT, [this, main] { interrupt(main); });
      loop.core().signals().discount(SIGINT);
      installed_ = true;
    } catch (const RuntimeError&) {
      installed_ = false;  // by the user's choice, another loop handles the signals
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
    loop_.remove_signal_handler(SIGINT);  // so that the second SIGINT has its default action
    loop_.accept_coroutines(false);
    if (!main.cancel()) throw KeyboardInterrupt();  // main has already ended
  }

  EventLoop& loop_;
  bool installed_ = false;
  bool interrupted_ = false;
};

}  // namespace

Runner::~Runner() {
  try {
    close();
  } catch (...) {
    ExceptionContext context;
    context.message = "an exit ended the clean-up of a Runner";
    context.exception = std::current_exception();
    loop_->call_exception_handler(context);
  }
}

EventLoop& Runner::get_loop() {
  if (closed_) throw RuntimeError("Runner is closed");
  if (!loop_) {
    loop_.emplace(options_.loop_);
    context_ = copy_context();
  }
  return *loop_;
}

EventLoop& Runner::get_loop_outside(const char* caller) {
  if (find_running_loop() != nullptr) {
    throw RuntimeError(std::string(caller) + " cannot be called from a running event loop");
  }
  return get_loop();
}

void Runner::close() {
  closed_ = true;
  if (!loop_ || loop_->is_closed()) return;
  try {
    shut_down();
  } catch (...) {
    loop_->close();
    throw;
  }
  loop_->close();
}

void Runner::run_to_end(const AnyTask& main) {
  std::exception_ptr error;
  try {
    run_until_done(main);
  } catch (...) {
    error = std::current_exception();
  }
  close();
  if (error) std::rethrow_exception(std::move(error));
}

void Runner::run_until_done(const AnyTask& main) {
  loop_->accept_coroutines(true);  // turned off if the previous run was interrupted
  const SigintGuard sigint(*loop_, main, options_.handle_sigint_);
  detail::run_until_done(*loop_, main, /*own_task=*/true);
  if (sigint.interrupted() && main.cancelled() && main.uncancel() == 0) {
    throw KeyboardInterrupt();
  }
}

void Runner::shut_down() {
  loop_->accept_coroutines(false);
  cancel_all_tasks();
  close_generators();
  loop_->run_until_complete(shutdown_default_executor());
}

void Runner::close_generators() {
  if (!loop_->core().tasks().generators.linked()) return;
  try {
    loop_->run_until_complete(shutdown_asyncgens());
  } catch (const DeadlockError&) {
    return;  // already reported; a clean-up that waits forever is destroyed with the loop
  }
}

bool Runner::cancel_or_report(const AnyTask& task) {
  ExceptionContext context;
  try {
    task.cancel();
    return true;
  } catch (...) {
    context.exception = std::current_exception();  // the task awaits itself in a cycle
  }
  context.message = "a task could not be cancelled";
  context.task_name = task.get_name();
  loop_->call_exception_handler(context);
  return false;
}

void Runner::cancel_all_tasks() {
  std::vector<AnyTask> ending;
  for (const AnyTask& task : all_tasks(*loop_)) {
    if (cancel_or_report(task)) ending.push_back(task);
  }
  if (ending.empty()) return;
  try {
    loop_->run_until_complete(gather(return_exceptions, ending));
  } catch (const DeadlockError&) {
    return;  // already reported; tasks that still wait after their cancel end with the loop
  }
  for (const AnyTask& task : ending) {
    if (task.cancelled()) continue;
    ExceptionContext context;
    context.message = "unhandled exception during asyncio.run() shutdown";
    context.exception = task.exception();
    context.task_name = task.get_name();
    if (context.exception) loop_->call_exception_handler(context);
  }
}

}  // namespace asyncio
