#include <algorithm>
#include <asyncio/asyncio.hpp>
#include <string>
#include <utility>
#include <vector>

#include "op.hpp"
#include "run.hpp"

// Statements that combine waitables: gather, wait, as_completed, wait_for, shield.

namespace conformance {
namespace {

using asyncio::AnyFuture;
using asyncio::Coroutine;

/// Stores the new gather or shield in its variable, or awaits it if there is no variable.
Coroutine<void> keep_or_await(Context context, const Statement& statement, WaitablePtr waitable) {
  if (statement.as != kNoSlot) {
    context.run.set(statement.as, std::move(waitable));
    co_return;
  }
  const Value value = co_await waitable->result();
  context.run.log(std::string(statement.op->name) + " -> " + value);
}

Coroutine<void> gather(Context context, const Statement& statement) {
  std::vector<WaitablePtr> children;
  children.reserve(statement.items.size());
  for (const Item& item : statement.items) {
    if (item.var == kNoSlot) {
      children.push_back(make_waitable(asyncio::create_task(run_body(context.run, item.body))));
    } else {
      children.push_back(context.run.get<WaitablePtr>(item.var));
    }
  }
  return keep_or_await(context, statement, make_gather(children, statement.flag));
}

Coroutine<void> shield(Context context, const Statement& statement) {
  return keep_or_await(context, statement, context.run.get<WaitablePtr>(statement.var)->shielded());
}

/// Lists the names of the variables in `vars` whose future is in `futures`.
std::string print_names(const Run& run, const Statement& statement,
                        const std::vector<AnyFuture>& of_vars,
                        const std::vector<AnyFuture>& futures) {
  std::string text;
  for (std::size_t i = 0; i < of_vars.size(); ++i) {
    if (std::find(futures.begin(), futures.end(), of_vars[i]) == futures.end()) continue;
    if (!text.empty()) text += ", ";
    text += run.name(statement.vars[i]);
  }
  return "[" + text + "]";
}

Coroutine<void> wait(Context context, const Statement& statement) {
  Run& run = context.run;
  std::vector<AnyFuture> futures;
  for (const Slot var : statement.vars) futures.push_back(run.get<WaitablePtr>(var)->future());
  asyncio::WaitOptions options;
  options.timeout = statement.limit();
  options.return_when = statement.return_when;
  const asyncio::WaitResult<AnyFuture> found = co_await asyncio::wait(futures, options);
  run.log("wait -> done=" + print_names(run, statement, futures, found.done) +
          " pending=" + print_names(run, statement, futures, found.pending));
}

Coroutine<void> as_completed(Context context, const Statement& statement) {
  Run& run = context.run;
  std::vector<WaitablePtr> waitables;
  std::vector<AnyFuture> futures;
  for (const Slot var : statement.vars) {
    waitables.push_back(run.get<WaitablePtr>(var));
    futures.push_back(waitables.back()->future());
  }
  const auto finished = asyncio::as_completed(futures, statement.limit());
  while (const auto next = co_await finished.next()) {
    std::size_t first = 0;  // the first variable that holds it
    while (futures[first] != *next) ++first;
    run.log("as_completed -> " + run.name(statement.vars[first]) + " " + waitables[first]->state());
  }
}

Coroutine<Value> wait_for_item(Run& run, const Item& item, asyncio::TimeLimit limit) {
  if (item.var == kNoSlot) return asyncio::wait_for(run_body(run, item.body), limit);
  return run.get<WaitablePtr>(item.var)->result_within(limit);
}

Coroutine<void> wait_for(Context context, const Statement& statement) {
  const Item& item = statement.items.front();
  WaitablePtr keep_alive;
  if (item.var != kNoSlot) keep_alive = context.run.get<WaitablePtr>(item.var);
  const Value value = co_await wait_for_item(context.run, item, statement.limit());
  context.run.log("wait_for -> " + value);
}

constexpr Op kCombineOps[] = {
    {"gather", "items return_exceptions as?", gather},
    {"wait", "vars timeout|null return_when", wait},
    {"wait_for", "item timeout|null", wait_for},
    {"shield", "var as?", shield},
    {"as_completed", "vars timeout|null", as_completed},
};

}  // namespace

std::span<const Op> combine_ops() {
  return kCombineOps;
}

}  // namespace conformance
