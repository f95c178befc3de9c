#include <asyncio/asyncio.hpp>
#include <exception>
#include <string>
#include <utility>

#include "error.hpp"
#include "op.hpp"
#include "run.hpp"

// Statements for tasks and futures: spawn, await, cancel and queries.

namespace conformance {
namespace {

using asyncio::Coroutine;

std::string print_bool(bool value) {
  return value ? "True" : "False";
}

void spawn(Context context, const Statement& statement) {
  const auto options = asyncio::TaskOptions().name(statement.text).eager_start(statement.flag);
  const asyncio::Task<Value> task =
      asyncio::create_task(run_body(context.run, statement.body), options);
  context.run.set(statement.as, make_waitable(task));
}

Coroutine<void> await_var(Context context, const Statement& statement) {
  const WaitablePtr waitable = context.run.get<WaitablePtr>(statement.var);
  const std::string line = "await " + context.run.name(statement.var);
  context.run.log(line);
  const Value value = co_await waitable->result();
  context.run.log(line + " -> " + value);
}

void cancel(Context context, const Statement& statement) {
  const bool asked = context.run.get<WaitablePtr>(statement.var)->future().cancel();
  context.run.log("cancel " + context.run.name(statement.var) + " -> " + print_bool(asked));
}

void cancel_self(Context context, const Statement& /*statement*/) {
  const bool asked = asyncio::current_task()->cancel();
  context.run.log("cancel_self -> " + print_bool(asked));
}

void uncancel_self(Context context, const Statement& /*statement*/) {
  const int left = asyncio::current_task()->uncancel();
  context.run.log("uncancel_self -> " + std::to_string(left));
}

void cancelling(Context context, const Statement& statement) {
  const auto task = context.run.get<WaitablePtr>(statement.var)->as_task();
  if (!task) context.run.refuse(statement.var);
  context.run.log("cancelling " + context.run.name(statement.var) + " -> " +
                  std::to_string(task->cancelling()));
}

void state(Context context, const Statement& statement) {
  const std::string state = context.run.get<WaitablePtr>(statement.var)->state();
  context.run.log("state " + context.run.name(statement.var) + " -> " + state);
}

void on_done(Context context, const Statement& statement) {
  Run& run = context.run;
  const Waitable& waitable = run.keep(run.get<WaitablePtr>(statement.var));
  waitable.future().add_done_callback([&run, &statement, &waitable] {
    run.log(statement.text + ": " + run.name(statement.var) + " " + waitable.state());
  });
}

void future(Context context, const Statement& statement) {
  context.run.set(statement.as, make_waitable(context.run.loop().create_future<Value>()));
}

asyncio::Future<Value> settable(Context context, const Statement& statement) {
  const auto future = context.run.get<WaitablePtr>(statement.var)->as_future();
  if (!future) context.run.refuse(statement.var);
  return *future;
}

void set_result(Context context, const Statement& statement) {
  settable(context, statement).set_result(statement.value);
}

void set_exception(Context context, const Statement& statement) {
  settable(context, statement).set_exception(ProgramError(statement.text));
}

constexpr Op kTaskOps[] = {
    {"spawn", "as body name? eager?", spawn},
    {"await", "var", await_var},
    {"cancel", "var", cancel},
    {"cancel_self", "", cancel_self},
    {"uncancel_self", "", uncancel_self},
    {"cancelling", "var", cancelling},
    {"state", "var", state},
    {"on_done", "var label", on_done},
    {"future", "as", future},
    {"set_result", "var value", set_result},
    {"set_exception", "var message", set_exception},
};

}  // namespace

std::span<const Op> task_ops() {
  return kTaskOps;
}

}  // namespace conformance
