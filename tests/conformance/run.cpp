#include "run.hpp"

#include <chrono>
#include <exception>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

#include "error.hpp"

namespace conformance {
namespace {

using asyncio::Coroutine;

std::string current_name() {
  if (asyncio::find_running_loop() == nullptr) return "-";
  const std::optional<asyncio::AnyTask> task = asyncio::current_task();
  return task ? task->get_name() : "-";
}

/// Runs main to the end of its last turn and describes its ending.
std::string run_main(Run& run, const Program& program) {
  try {
    return "main returned " + run.loop().run_until_complete(run_body(run, program.main));
  } catch (...) {
    return "main raised " + examine(std::current_exception()).text;
  }
}

/// Cancels the tasks that are left when main ends, and waits for their ends.
void end_other_tasks(asyncio::EventLoop& loop) {
  const std::vector<asyncio::AnyTask> left = asyncio::all_tasks(loop);
  if (left.empty()) return;
  for (const asyncio::AnyTask& task : left) task.cancel();
  (void)loop.run_until_complete(asyncio::gather(asyncio::return_exceptions, left));
}

}  // namespace

void Run::log(std::string_view text) {
  const auto now = std::chrono::floor<std::chrono::seconds>(loop_.time().time_since_epoch());
  trace_ += std::to_string(now.count());
  trace_ += ' ';
  trace_ += current_name();
  trace_ += ' ';
  trace_ += text;
  trace_ += '\n';
}

bool Run::check_defined(const Statement& statement) {
  for (const Slot slot : statement.uses) {
    if (!std::holds_alternative<std::monostate>(variables_[slot])) continue;
    log("undefined " + name(slot));
    return false;
  }
  return true;
}

void Run::refuse(Slot slot) {
  mistake_ = "variable " + name(slot) + " has the wrong type for a statement that uses it";
  throw WrongVariable(mistake_);
}

Coroutine<void> run_block(Context context, const Block& block) {
  for (const Statement& statement : block) {
    if (!context.run.check_defined(statement)) continue;
    if (statement.op->action != nullptr) {
      statement.op->action(context, statement);
    } else {
      co_await statement.op->async_action(context, statement);
    }
    if (context.activation.returned) co_return;
  }
}

Coroutine<Value> run_body(Run& run, const Block& block) {
  Activation activation;
  const Context context{run, activation};
  co_await run_block(context, block);
  // An error of a `finally` that is caught further out cancels a `return`.
  if (!activation.returned) activation.result = kNone;
  co_return std::move(activation.result);
}

namespace {

/// A poller that never calls the kernel. A program has no descriptors or threads, and on a virtual
/// clock nothing to wait for; system calls would take a good part of the runner's time.
class NullPoller final : public asyncio::Poller {
 public:
  void set_interest(int /*fd*/, asyncio::Interest /*interest*/) override {}
  void wait(std::optional<std::chrono::nanoseconds> timeout,
            std::vector<asyncio::PollEvent>& /*events*/) override {
    if (!timeout) throw std::logic_error("the loop would wait forever");
  }
  void wake() noexcept override {}
  [[nodiscard]] std::string_view name() const noexcept override { return "nothing"; }
};

}  // namespace

Outcome execute(const Program& program, bool strict_loop) {
  asyncio::LoopOptions options;
  options.clock(asyncio::ClockKind::virtual_time).strict(strict_loop);
  options.poller([] { return std::make_unique<NullPoller>(); });
  asyncio::EventLoop loop(std::move(options));
  // Many programs leave errors unretrieved, and no trace shows the reports.
  loop.set_exception_handler([](asyncio::EventLoop&, const asyncio::ExceptionContext&) {});
  Run run(program, loop);
  const std::string ending = run_main(run, program);
  run.log(ending);
  end_other_tasks(loop);
  run.log("closed");
  loop.close();
  return {run.trace(), run.mistake()};
}

}  // namespace conformance
