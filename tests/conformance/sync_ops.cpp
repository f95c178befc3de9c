#include <asyncio/asyncio.hpp>
#include <cstddef>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "op.hpp"
#include "run.hpp"

// Statements for locks, events, conditions, semaphores and barriers.

namespace conformance {
namespace {

using asyncio::Barrier;
using asyncio::Condition;
using asyncio::Coroutine;
using asyncio::Event;
using asyncio::Lock;
using asyncio::Semaphore;

template <class Primitive>
std::shared_ptr<Primitive> primitive(Context context, const Statement& statement) {
  return context.run.get<std::shared_ptr<Primitive>>(statement.var);
}

/// Calls `function` with the lock, semaphore or condition that the statement names.
template <class F>
auto with_holdable(Context context, const Statement& statement, F function) {
  if (context.run.holds<std::shared_ptr<Semaphore>>(statement.var)) {
    return function(primitive<Semaphore>(context, statement));
  }
  if (context.run.holds<std::shared_ptr<Condition>>(statement.var)) {
    return function(primitive<Condition>(context, statement));
  }
  return function(primitive<Lock>(context, statement));
}

template <class Primitive>
void make(Context context, const Statement& statement) {
  context.run.set(statement.as, std::make_shared<Primitive>());
}

void semaphore(Context context, const Statement& statement) {
  const auto permits = static_cast<std::ptrdiff_t>(*statement.number);
  std::shared_ptr<Semaphore> made;
  if (statement.flag) {
    made = std::make_shared<asyncio::BoundedSemaphore>(permits);
  } else {
    made = std::make_shared<Semaphore>(permits);
  }
  context.run.set(statement.as, std::move(made));
}

void barrier(Context context, const Statement& statement) {
  context.run.set(statement.as,
                  std::make_shared<Barrier>(static_cast<std::ptrdiff_t>(*statement.number)));
}

template <class Holdable>
Coroutine<void> acquire_it(Context context, const Statement& statement,
                           std::shared_ptr<Holdable> holdable) {
  co_await holdable->acquire();
  context.run.log_of(statement.var, "acquired");
}

Coroutine<void> acquire(Context context, const Statement& statement) {
  return with_holdable(context, statement, [&](auto holdable) {
    return acquire_it(context, statement, std::move(holdable));
  });
}

void release(Context context, const Statement& statement) {
  with_holdable(context, statement, [](const auto& holdable) { holdable->release(); });
  context.run.log_of(statement.var, "released");
}

template <class Holdable>
Coroutine<void> hold_it(Context context, const Statement& statement,
                        std::shared_ptr<Holdable> holdable) {
  auto guard = co_await holdable->scoped();
  context.run.log_of(statement.var, "entered");
  std::exception_ptr error;
  try {
    co_await run_block(context, statement.body);
  } catch (...) {
    error = std::current_exception();
  }
  // A `return` in the block takes effect after the release, unless that throws.
  const bool returned = std::exchange(context.activation.returned, false);
  guard.release();
  context.activation.returned = returned;
  if (error != nullptr) std::rethrow_exception(std::move(error));
  context.run.log_of(statement.var, "left");
}

Coroutine<void> with(Context context, const Statement& statement) {
  return with_holdable(context, statement, [&](auto holdable) {
    return hold_it(context, statement, std::move(holdable));
  });
}

void locked(Context context, const Statement& statement) {
  const bool is_locked =
      with_holdable(context, statement, [](const auto& holdable) { return holdable->locked(); });
  context.run.log_of(statement.var, "locked", is_locked ? " -> True" : " -> False");
}

void event_set(Context context, const Statement& statement) {
  primitive<Event>(context, statement)->set();
}

void event_clear(Context context, const Statement& statement) {
  primitive<Event>(context, statement)->clear();
}

Coroutine<void> event_wait(Context context, const Statement& statement) {
  const auto event = primitive<Event>(context, statement);
  co_await event->wait();
  context.run.log_of(statement.var, "event");
}

Coroutine<void> cond_wait(Context context, const Statement& statement) {
  const auto condition = primitive<Condition>(context, statement);
  co_await condition->wait();
  context.run.log_of(statement.var, "woken");
}

void notify(Context context, const Statement& statement) {
  const auto condition = primitive<Condition>(context, statement);
  if (statement.number) {
    condition->notify(static_cast<std::size_t>(*statement.number));
  } else {
    condition->notify_all();
  }
  context.run.log_of(statement.var, "notified");
}

Coroutine<void> barrier_wait(Context context, const Statement& statement) {
  const auto barrier = primitive<Barrier>(context, statement);
  const std::size_t index = co_await barrier->wait();
  context.run.log_of(statement.var, "barrier", " -> " + std::to_string(index));
}

Coroutine<void> barrier_abort(Context context, const Statement& statement) {
  const auto barrier = primitive<Barrier>(context, statement);
  co_await barrier->abort();
  context.run.log_of(statement.var, "aborted");
}

Coroutine<void> barrier_reset(Context context, const Statement& statement) {
  const auto barrier = primitive<Barrier>(context, statement);
  co_await barrier->reset();
  context.run.log_of(statement.var, "reset");
}

constexpr Op kSyncOps[] = {
    {"lock", "as", make<Lock>},
    {"event", "as", make<Event>},
    {"condition", "as", make<Condition>},
    {"semaphore", "as value bounded", semaphore},
    {"barrier", "as parties", barrier},
    {"acquire", "var", acquire},
    {"release", "var", release},
    {"with", "var body", with},
    {"locked", "var", locked},
    {"event_set", "var", event_set},
    {"event_clear", "var", event_clear},
    {"event_wait", "var", event_wait},
    {"cond_wait", "var", cond_wait},
    {"notify", "var n|null", notify},
    {"barrier_wait", "var", barrier_wait},
    {"barrier_abort", "var", barrier_abort},
    {"barrier_reset", "var", barrier_reset},
};

}  // namespace

std::span<const Op> sync_ops() {
  return kSyncOps;
}

}  // namespace conformance
