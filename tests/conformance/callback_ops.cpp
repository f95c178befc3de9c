#include <asyncio/asyncio.hpp>

#include "op.hpp"
#include "run.hpp"

// Statements for callbacks of the loop and their handles.

namespace conformance {
namespace {

auto logged_callback(Run& run, const Statement& statement) {
  return [&run, &statement] { run.log("callback " + run.name(statement.as)); };
}

void call_soon(Context context, const Statement& statement) {
  Run& run = context.run;
  run.set(statement.as, run.loop().call_soon(logged_callback(run, statement)));
}

void call_later(Context context, const Statement& statement) {
  Run& run = context.run;
  const asyncio::TimerHandle handle =
      run.loop().call_later(statement.delay(), logged_callback(run, statement));
  run.set(statement.as, asyncio::Handle(handle));
}

void cancel_handle(Context context, const Statement& statement) {
  asyncio::Handle handle = context.run.get<asyncio::Handle>(statement.var);
  handle.cancel();
}

constexpr Op kCallbackOps[] = {
    {"call_soon", "as", call_soon},
    {"call_later", "as delay", call_later},
    {"cancel_handle", "var", cancel_handle},
};

}  // namespace

std::span<const Op> callback_ops() {
  return kCallbackOps;
}

}  // namespace conformance
