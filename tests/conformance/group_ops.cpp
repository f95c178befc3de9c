#include <asyncio/asyncio.hpp>
#include <memory>

#include "op.hpp"
#include "run.hpp"

// Statements for task groups.

namespace conformance {
namespace {

using asyncio::Coroutine;
using asyncio::TaskGroup;

Coroutine<void> taskgroup(Context context, const Statement& statement) {
  const auto group = std::make_shared<TaskGroup>();
  context.run.set(statement.as, group);
  const auto body = [&] { return run_body(context.run, statement.body); };
  const Value value = co_await group->run(body);
  context.run.log("taskgroup -> " + value);
}

void tg_spawn(Context context, const Statement& statement) {
  TaskGroup& group = *context.run.get<std::shared_ptr<TaskGroup>>(statement.group);
  const asyncio::Task<Value> task =
      group.create_task(run_body(context.run, statement.body), statement.text);
  context.run.set(statement.as, make_waitable(task));
}

constexpr Op kGroupOps[] = {
    {"taskgroup", "as body", taskgroup},
    {"tg_spawn", "group as body name?", tg_spawn},
};

}  // namespace

std::span<const Op> group_ops() {
  return kGroupOps;
}

}  // namespace conformance
