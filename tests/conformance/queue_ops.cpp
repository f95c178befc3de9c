#include <asyncio/asyncio.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "op.hpp"
#include "run.hpp"

// Statements for the three types of queues.

namespace conformance {
namespace {

using asyncio::Coroutine;
using QueuePtr = std::shared_ptr<asyncio::Queue<QueueItem>>;

QueueItem item_of(const Statement& statement) {
  return {statement.value, statement.number.value_or(0)};
}

/// Returns a copy of the pointer, so the queue outlives a wait even if the variable changes.
QueuePtr queue_of(Context context, const Statement& statement) {
  return context.run.get<QueuePtr>(statement.var);
}

void queue(Context context, const Statement& statement) {
  const auto maxsize = static_cast<std::ptrdiff_t>(*statement.number);
  QueuePtr made;
  if (statement.text == "fifo") {
    made = std::make_shared<asyncio::Queue<QueueItem>>(maxsize);
  } else if (statement.text == "lifo") {
    made = std::make_shared<asyncio::LifoQueue<QueueItem>>(maxsize);
  } else if (statement.text == "priority") {
    made = std::make_shared<asyncio::PriorityQueue<QueueItem>>(maxsize);
  } else {
    context.run.refuse(statement.as);
  }
  context.run.set(statement.as, std::move(made));
}

Coroutine<void> put(Context context, const Statement& statement) {
  const QueuePtr queue = queue_of(context, statement);
  QueueItem item = item_of(statement);
  co_await queue->put(std::move(item));
  context.run.log_of(statement.var, "put", " " + statement.value);
}

Coroutine<void> get(Context context, const Statement& statement) {
  const QueuePtr queue = queue_of(context, statement);
  const QueueItem item = co_await queue->get();
  context.run.log_of(statement.var, "got", " " + item.value);
}

void put_nowait(Context context, const Statement& statement) {
  queue_of(context, statement)->put_nowait(item_of(statement));
  context.run.log_of(statement.var, "put", " " + statement.value);
}

void get_nowait(Context context, const Statement& statement) {
  const QueueItem item = queue_of(context, statement)->get_nowait();
  context.run.log_of(statement.var, "got", " " + item.value);
}

void task_done(Context context, const Statement& statement) {
  queue_of(context, statement)->task_done();
  context.run.log_of(statement.var, "task_done");
}

Coroutine<void> join(Context context, const Statement& statement) {
  const QueuePtr queue = queue_of(context, statement);
  co_await queue->join();
  context.run.log_of(statement.var, "joined");
}

void shutdown(Context context, const Statement& statement) {
  queue_of(context, statement)->shutdown(statement.flag);
  context.run.log_of(statement.var, "shutdown");
}

void qsize(Context context, const Statement& statement) {
  const std::size_t size = queue_of(context, statement)->qsize();
  context.run.log_of(statement.var, "qsize", " -> " + std::to_string(size));
}

constexpr Op kQueueOps[] = {
    {"queue", "as kind maxsize", queue},
    {"put", "var value", put},
    {"get", "var", get},
    {"put_nowait", "var value", put_nowait},
    {"get_nowait", "var", get_nowait},
    {"task_done", "var", task_done},
    {"join", "var", join},
    {"shutdown", "var immediate", shutdown},
    {"qsize", "var", qsize},
};

}  // namespace

std::span<const Op> queue_ops() {
  return kQueueOps;
}

}  // namespace conformance
