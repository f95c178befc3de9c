// Coroutines alone.

#include <cstddef>
#include <vector>

#include "limit.hpp"

namespace bench {
namespace {

Coroutine answer(int value) {
  co_return value;
}

void spawn(int rounds, int tasks) {
  for (int round = 0; round < rounds; ++round) {
    std::vector<Coroutine> all;
    all.reserve(static_cast<std::size_t>(tasks));
    for (int i = 0; i < tasks; ++i) all.push_back(answer(i));
    run_all(all);
    long sum = 0;
    for (const Coroutine& coroutine : all) sum += coroutine.value();
    require(sum == long{tasks} * (tasks - 1) / 2);
  }
}

Coroutine yield_often(int times) {
  for (int i = 0; i < times; ++i) co_await Yield();
  co_return 0;
}

void yield(int tasks, int switches) {
  std::vector<Coroutine> all;
  all.reserve(static_cast<std::size_t>(tasks));
  for (int i = 0; i < tasks; ++i) all.push_back(yield_often(switches / tasks));
  run_all(all);
}

Coroutine nested(int depth) {
  if (depth == 0) co_return 1;
  co_return co_await nested(depth - 1) + 1;
}

Coroutine nest_often(int depth, int times) {
  for (int i = 0; i < times; ++i) require(co_await nested(depth - 1) == depth);
  co_return 0;
}

void nest(int depth, int times) {
  nest_often(depth, times).handle().resume();
}

Coroutine yield_once(int value) {
  co_await Yield();
  co_return value;
}

void gather(int rounds, int children) {
  for (int round = 0; round < rounds; ++round) {
    std::vector<Coroutine> all;
    all.reserve(static_cast<std::size_t>(children));
    for (int i = 0; i < children; ++i) all.push_back(yield_once(i));
    run_all(all);
    require(all.back().value() == children - 1);
  }
}

// Runs a single coroutine.
void startup() {
  const Coroutine only = yield_once(0);
  ready.push(only.handle());
  ready.run();
}

}  // namespace

void enter_tasks(Program& program) {
  program.spawn = spawn;
  program.yield = yield;
  program.nest = nest;
  program.gather = gather;
  program.startup = startup;
}

}  // namespace bench
