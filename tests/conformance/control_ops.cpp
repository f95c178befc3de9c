#include <asyncio/asyncio.hpp>
#include <cstdint>
#include <exception>
#include <utility>

#include "error.hpp"
#include "op.hpp"
#include "run.hpp"

// Statements within one coroutine: log, sleep, return, raise, repeat, call, try.

namespace conformance {
namespace {

using asyncio::Coroutine;

void log(Context context, const Statement& statement) {
  context.run.log(statement.text);
}

Coroutine<void> sleep(Context /*context*/, const Statement& statement) {
  co_await asyncio::sleep(statement.delay());
}

void return_value(Context context, const Statement& statement) {
  context.activation.result = statement.value;
  context.activation.returned = true;
}

void raise(Context /*context*/, const Statement& statement) {
  throw ProgramError(statement.text);
}

Coroutine<void> repeat(Context context, const Statement& statement) {
  for (std::int64_t i = 0; i < *statement.number && !context.activation.returned; ++i) {
    co_await run_block(context, statement.body);
  }
}

Coroutine<void> call(Context context, const Statement& statement) {
  const Value value = co_await run_body(context.run, statement.body);
  context.run.log("call -> " + value);
}

/// Runs the block and returns its error, if any.
Coroutine<std::exception_ptr> attempt(Context context, const Block& block) {
  std::exception_ptr error;
  try {
    co_await run_block(context, block);
  } catch (...) {
    error = std::current_exception();
  }
  co_return error;
}

Coroutine<std::exception_ptr> handle(Context context, const Statement& statement,
                                     std::exception_ptr error) {
  const Failure failure = examine(error);
  if ((failure.kind & statement.catches) == 0) co_return error;
  context.run.log("caught " + failure.text);
  std::exception_ptr next = co_await attempt(context, statement.handler);
  if (next == nullptr && statement.flag && !context.activation.returned) next = error;
  co_return next;
}

Coroutine<void> try_block(Context context, const Statement& statement) {
  std::exception_ptr error = co_await attempt(context, statement.body);
  if (error != nullptr) error = co_await handle(context, statement, std::move(error));
  if (!statement.finally.empty()) {
    // A `return` in the block takes effect after the `finally` block.
    const bool returned = std::exchange(context.activation.returned, false);
    co_await run_block(context, statement.finally);
    context.activation.returned = returned;
  }
  if (error != nullptr) std::rethrow_exception(std::move(error));
}

constexpr Op kControlOps[] = {
    {"log", "text", log},
    {"sleep", "delay", sleep},
    {"return", "value", return_value},
    {"raise", "message", raise},
    {"repeat", "times body", repeat},
    {"call", "body", call},
    {"try", "body catch handler reraise finally?", try_block},
};

}  // namespace

std::span<const Op> control_ops() {
  return kControlOps;
}

}  // namespace conformance
