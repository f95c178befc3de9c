// Tasks and coroutines alone.

#include <asyncio/asyncio.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "../bench.hpp"

namespace bench {
namespace {

namespace aio = asyncio;
using namespace std::chrono_literals;
using aio::Coroutine;
using aio::Task;

// --- Tasks that return at once ---

Coroutine<int> answer(int value) {
  co_return value;
}

Coroutine<void> spawn_and_await(int rounds, int tasks) {
  std::vector<Task<int>> made;
  made.reserve(static_cast<std::size_t>(tasks));
  for (int round = 0; round < rounds; ++round) {
    for (int i = 0; i < tasks; ++i) made.push_back(aio::create_task(answer(i)));
    std::int64_t sum = 0;
    for (const auto& task : made) sum += co_await task;
    require(sum == std::int64_t{tasks} * (tasks - 1) / 2);
    made.clear();
  }
}

void spawn(int rounds, int tasks) {
  aio::run(spawn_and_await(rounds, tasks));
}

// --- Tasks that yield in turn ---

Coroutine<void> yield_often(int times) {
  for (int i = 0; i < times; ++i) co_await aio::sleep(0s);
}

Coroutine<void> yield_in_turn(int tasks, int switches) {
  std::vector<Coroutine<void>> all;
  all.reserve(static_cast<std::size_t>(tasks));
  for (int i = 0; i < tasks; ++i) all.push_back(yield_often(switches / tasks));
  co_await aio::gather(std::move(all));
}

void yield(int tasks, int switches) {
  aio::run(yield_in_turn(tasks, switches));
}

void observe(bool silently, int switches) {
  aio::Observer silent;
  aio::EventLoop loop;
  loop.set_observer(silently ? &silent : nullptr);
  loop.run_until_complete(yield_in_turn(2, switches));
}

// --- A chain of coroutines ---

Coroutine<int> nested(int depth) {
  if (depth == 0) co_return 1;
  co_return co_await nested(depth - 1) + 1;
}

Coroutine<void> nest_often(int depth, int times) {
  for (int i = 0; i < times; ++i) require(co_await nested(depth - 1) == depth);
}

void nest(int depth, int times) {
  aio::run(nest_often(depth, times));
}

// --- Children that yield once ---

Coroutine<int> yield_once(int value) {
  co_await aio::sleep(0s);
  co_return value;
}

Coroutine<void> gather_children(int rounds, int children) {
  for (int round = 0; round < rounds; ++round) {
    std::vector<Coroutine<int>> all;
    all.reserve(static_cast<std::size_t>(children));
    for (int i = 0; i < children; ++i) all.push_back(yield_once(i));
    const auto results = co_await aio::gather(std::move(all));
    require(results.back() == children - 1);
  }
}

void gather(int rounds, int children) {
  aio::run(gather_children(rounds, children));
}

void startup() {
  aio::run(yield_once(0));
}

}  // namespace

void enter_tasks(Program& program) {
  program.spawn = spawn;
  program.yield = yield;
  program.observe = observe;
  program.nest = nest;
  program.gather = gather;
  program.startup = startup;
}

}  // namespace bench
