// Tasks that wait for each other: queues, events, futures, locks.

#include <asyncio/asyncio.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "workloads.hpp"

namespace bench {
namespace {

namespace aio = asyncio;
using namespace std::chrono_literals;
using aio::Coroutine;

// --- pingpong1: an item goes there by one queue of size 1, and back by another ---

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

Coroutine<void> play(int rounds) {
  const auto there = std::make_shared<aio::Queue<int>>(1);
  const auto back = std::make_shared<aio::Queue<int>>(1);
  co_await aio::gather(throw_ball(there, back, rounds), throw_back(there, back, rounds));
}

void pingpong1() {
  constexpr int kRounds = 1'000'000;  // of two items each
  report("pingpong1", best_of(wall_ns, 2.0 * kRounds, [] { aio::run(play(kRounds)); }));
}

// --- queue100: a producer and a consumer ---

Coroutine<void> produce(std::shared_ptr<aio::Queue<int>> queue, int items) {
  for (int i = 0; i < items; ++i) co_await queue->put(i);
}

Coroutine<void> consume(std::shared_ptr<aio::Queue<int>> queue, int items) {
  std::int64_t sum = 0;
  for (int i = 0; i < items; ++i) sum += co_await queue->get();
  require(sum == std::int64_t{items} * (items - 1) / 2);
}

Coroutine<void> pass_items(int items) {
  const auto queue = std::make_shared<aio::Queue<int>>(100);
  co_await aio::gather(produce(queue, items), consume(queue, items));
}

void queue100() {
  constexpr int kItems = 2'000'000;
  report("queue100", best_of(wall_ns, kItems, [] { aio::run(pass_items(kItems)); }));
}

// --- event: two tasks wake each other in turn ---

Coroutine<void> set_and_wait(std::shared_ptr<aio::Event> mine, std::shared_ptr<aio::Event> other,
                             int times) {
  for (int i = 0; i < times; ++i) {
    other->set();
    co_await mine->wait();
    mine->clear();
  }
  other->set();
}

Coroutine<void> wake_by_events(int times) {
  const auto one = std::make_shared<aio::Event>();
  const auto two = std::make_shared<aio::Event>();
  co_await aio::gather(set_and_wait(one, two, times), set_and_wait(two, one, times));
}

void event() {
  constexpr int kTimes = 1'000'000;  // for each of the two
  report("event", best_of(wall_ns, 2.0 * kTimes, [] { aio::run(wake_by_events(kTimes)); }));
}

// --- future: the same with a future for each wake-up ---

struct Table {
  aio::Future<int> move[2];  // what each of the two waits for
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

Coroutine<void> wake_by_futures(int times) {
  const auto table = std::make_shared<Table>();
  co_await aio::gather(answer_and_wait(table, 0, times), answer_and_wait(table, 1, times));
}

void future() {
  constexpr int kTimes = 1'000'000;  // for each of the two
  report("future", best_of(wall_ns, 2.0 * kTimes, [] { aio::run(wake_by_futures(kTimes)); }));
}

// --- mutex: a lock that is free; one that ten tasks want ---

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

Coroutine<void> lock_in_turn(int tasks, int times) {
  const auto lock = std::make_shared<aio::Lock>();
  std::vector<Coroutine<void>> all;
  for (int i = 0; i < tasks; ++i) all.push_back(lock_and_yield(lock, times / tasks));
  co_await aio::gather(std::move(all));
}

void mutex() {
  constexpr int kTimes = 10'000'000;
  report("mutex", best_of(wall_ns, kTimes,
                          [] { aio::run(lock_often(std::make_shared<aio::Lock>(), kTimes)); }));
}

void mutex10() {
  constexpr int kTimes = 1'000'000;
  report("mutex10", best_of(wall_ns, kTimes, [] { aio::run(lock_in_turn(10, kTimes)); }));
}

constexpr Workload kWorkloads[] = {
    {"pingpong1", pingpong1}, {"queue100", queue100}, {"event", event},
    {"future", future},       {"mutex", mutex},       {"mutex10", mutex10},
};

}  // namespace

constinit const Workloads sync_workloads = kWorkloads;

}  // namespace bench
