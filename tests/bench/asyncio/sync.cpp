// Tasks that wait for each other: queues, events, futures, locks.

#include <asyncio/asyncio.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "../bench.hpp"

namespace bench {
namespace {

namespace aio = asyncio;
using namespace std::chrono_literals;
using aio::Coroutine;

// --- An item goes through one queue and back through another ---

Coroutine<void> throw_ball(std::shared_ptr<aio::Queue<int>> there,
                           std::shared_ptr<aio::Queue<int>> back, int rounds) {
  for (int i = 0; i < rounds; ++i) {
    co_await there->put(i);
    require(co_await back->get() == i);
  }
}

Coroutine<void> throw_back(std::shared_ptr<aio::Queue<int>> there,
                           std::shared_ptr<aio::Queue<int>> back, int rounds) {
  for (int i = 0; i < rounds; ++i) co_await back->put(co_await there->get());
}

Coroutine<void> play_together(int rounds) {
  const auto there = std::make_shared<aio::Queue<int>>(1);
  const auto back = std::make_shared<aio::Queue<int>>(1);
  co_await aio::gather(throw_ball(there, back, rounds), throw_back(there, back, rounds));
}

void play(int rounds) {
  aio::run(play_together(rounds));
}

// --- A producer and a consumer ---

Coroutine<void> produce(std::shared_ptr<aio::Queue<int>> queue, int items) {
  for (int i = 0; i < items; ++i) co_await queue->put(i);
}

Coroutine<void> consume(std::shared_ptr<aio::Queue<int>> queue, int items) {
  std::int64_t sum = 0;
  for (int i = 0; i < items; ++i) sum += co_await queue->get();
  require(sum == std::int64_t{items} * (items - 1) / 2);
}

Coroutine<void> pass_items(int size, int items) {
  const auto queue = std::make_shared<aio::Queue<int>>(size);
  co_await aio::gather(produce(queue, items), consume(queue, items));
}

void pass(int size, int items) {
  aio::run(pass_items(size, items));
}

// --- Two tasks wake each other in turn ---

Coroutine<void> set_and_wait(std::shared_ptr<aio::Event> mine, std::shared_ptr<aio::Event> other,
                             int times) {
  for (int i = 0; i < times; ++i) {
    other->set();
    co_await mine->wait();
    mine->clear();
  }
  other->set();
}

Coroutine<void> wake_in_turn(int times) {
  const auto one = std::make_shared<aio::Event>();
  const auto two = std::make_shared<aio::Event>();
  co_await aio::gather(set_and_wait(one, two, times), set_and_wait(two, one, times));
}

void wake_by_events(int times) {
  aio::run(wake_in_turn(times));
}

// --- Two tasks wake each other with a future for each wake-up ---

struct Table {
  aio::Future<int> move[2];  // the future that each of the two awaits
};

Coroutine<void> answer_and_wait(std::shared_ptr<Table> table, int me, int times) {
  aio::EventLoop& loop = aio::get_running_loop();
  for (int i = 0; i < times; ++i) {
    const aio::Future<int> mine = loop.create_future<int>();
    table->move[me] = mine;
    const aio::Future<int> other = table->move[1 - me];
    if (other.valid() && !other.done()) other.set_result(i);
    if (co_await mine < 0) break;
  }
  const aio::Future<int> other = table->move[1 - me];
  if (other.valid() && !other.done()) other.set_result(-1);
}

Coroutine<void> answer_in_turn(int times) {
  const auto table = std::make_shared<Table>();
  co_await aio::gather(answer_and_wait(table, 0, times), answer_and_wait(table, 1, times));
}

void wake_by_futures(int times) {
  aio::run(answer_in_turn(times));
}

// --- One event wakes all ---

Coroutine<void> wait_often(std::shared_ptr<aio::Event> event, int times) {
  for (int i = 0; i < times; ++i) co_await event->wait();
}

Coroutine<void> wake_often(int tasks, int times) {
  const auto event = std::make_shared<aio::Event>();
  std::vector<aio::Task<void>> all;
  all.reserve(static_cast<std::size_t>(tasks));
  for (int i = 0; i < tasks; ++i) all.push_back(aio::create_task(wait_often(event, times)));
  for (int i = 0; i < times; ++i) {
    co_await aio::sleep(0s);  // lets all of them wait again
    event->set();
    event->clear();
  }
  for (const auto& task : all) co_await task;
}

void wake_all(int tasks, int wakes) {
  aio::run(wake_often(tasks, wakes / tasks));
}

// --- A lock that is free, or contended ---

Coroutine<void> lock_often(std::shared_ptr<aio::Lock> lock, int times) {
  for (int i = 0; i < times; ++i) {
    co_await lock->acquire();
    lock->release();
  }
}

Coroutine<void> lock_and_yield(std::shared_ptr<aio::Lock> lock, int times) {
  for (int i = 0; i < times; ++i) {
    co_await lock->acquire();
    co_await aio::sleep(0s);
    lock->release();
  }
}

Coroutine<void> lock_in_turn(int tasks, int times, bool yields) {
  const auto lock = std::make_shared<aio::Lock>();
  std::vector<Coroutine<void>> all;
  all.reserve(static_cast<std::size_t>(tasks));
  for (int i = 0; i < tasks; ++i) {
    all.push_back((yields ? lock_and_yield : lock_often)(lock, times / tasks));
  }
  co_await aio::gather(std::move(all));
}

void lock(int tasks, int times, bool yields) {
  aio::run(lock_in_turn(tasks, times, yields));
}

}  // namespace

void enter_sync(Program& program) {
  program.play = play;
  program.pass = pass;
  program.wake_by_events = wake_by_events;
  program.wake_by_futures = wake_by_futures;
  program.wake_all = wake_all;
  program.lock = lock;
}

}  // namespace bench
