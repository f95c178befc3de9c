// Coroutines alone.

#include "asio.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace bench {
namespace {

void spawn(int rounds, int tasks) {
  run([rounds, tasks](asio::io_context& context) {
    for (int round = 0; round < rounds; ++round) {
      long sum = 0;
      for (int i = 0; i < tasks; ++i) {
        asio::co_spawn(context, answer(i), [&sum](std::exception_ptr error, int value) {
          rethrow(error);
          sum += value;
        });
      }
      context.run();
      context.restart();
      require(sum == long{tasks} * (tasks - 1) / 2);
    }
  });
}

awaitable<void> yield_often(int times) {
  for (int i = 0; i < times; ++i) co_await yield();
}

void yield_in_turn(int tasks, int switches) {
  run([tasks, switches](asio::io_context& context) {
    for (int i = 0; i < tasks; ++i) {
      asio::co_spawn(context, yield_often(switches / tasks), asio::detached);
    }
  });
}

awaitable<int> nested(int depth) {
  if (depth == 0) co_return 1;
  co_return co_await nested(depth - 1) + 1;
}

awaitable<void> nest_often(int depth, int times) {
  for (int i = 0; i < times; ++i) require(co_await nested(depth - 1) == depth);
}

void nest(int depth, int times) {
  run([depth, times](asio::io_context& context) {
    asio::co_spawn(context, nest_often(depth, times), asio::detached);
  });
}

awaitable<int> yield_once(int value) {
  co_await yield();
  co_return value;
}

void gather(int rounds, int children) {
  run([rounds, children](asio::io_context& context) {
    for (int round = 0; round < rounds; ++round) {
      std::vector<int> results(static_cast<std::size_t>(children));
      for (int i = 0; i < children; ++i) {
        asio::co_spawn(context, yield_once(i), [&results, i](std::exception_ptr error, int value) {
          rethrow(error);
          results[static_cast<std::size_t>(i)] = value;
        });
      }
      context.run();
      context.restart();
      require(results.back() == children - 1);
    }
  });
}

void startup() {
  run([](asio::io_context& context) { asio::co_spawn(context, yield(), asio::detached); });
}

}  // namespace

void enter_tasks(Program& program) {
  program.spawn = spawn;
  program.yield = yield_in_turn;
  program.nest = nest;
  program.gather = gather;
  program.startup = startup;
}

}  // namespace bench
