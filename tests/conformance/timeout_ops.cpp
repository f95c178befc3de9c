#include <asyncio/asyncio.hpp>
#include <memory>
#include <optional>

#include "op.hpp"
#include "run.hpp"

// Statements for blocks with a time limit.

namespace conformance {
namespace {

using asyncio::Coroutine;
using asyncio::Timeout;

Coroutine<void> timeout(Context context, const Statement& statement) {
  const auto scope = std::make_shared<Timeout>(statement.limit());
  if (statement.as != kNoSlot) context.run.set(statement.as, scope);
  const auto body = [&] { return run_body(context.run, statement.body); };
  const Value value = co_await scope->run(body);
  context.run.log("timeout -> " + value);
}

void reschedule(Context context, const Statement& statement) {
  Timeout& scope = *context.run.get<std::shared_ptr<Timeout>>(statement.var);
  if (statement.number) {
    scope.reschedule(statement.delay());
  } else {
    scope.reschedule(std::nullopt);
  }
}

constexpr Op kTimeoutOps[] = {
    {"timeout", "delay|null as? body", timeout},
    {"reschedule", "var delay|null", reschedule},
};

}  // namespace

std::span<const Op> timeout_ops() {
  return kTimeoutOps;
}

}  // namespace conformance
