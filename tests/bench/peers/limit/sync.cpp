// Coroutines that wait for each other.

#include <coroutine>
#include <cstddef>
#include <deque>
#include <utility>
#include <vector>

#include "limit.hpp"

namespace bench {
namespace {

/// A gate at which one coroutine waits until another one opens it.
struct Gate {
  struct Awaiter {
    static bool await_ready() noexcept { return false; }
    void await_suspend(std::coroutine_handle<> handle) const noexcept { gate.waiting = handle; }
    static void await_resume() noexcept {}
    Gate& gate;
  };
  Awaiter operator co_await() noexcept { return Awaiter{*this}; }
  void open() {
    if (waiting) ready.push(std::exchange(waiting, nullptr));
  }
  std::coroutine_handle<> waiting;
};

struct Channel {
  [[nodiscard]] bool full() const noexcept { return items.size() >= size; }
  void put(int item) {
    items.push_back(item);
    getter.open();
  }
  int get() {
    const int item = items.front();
    items.pop_front();
    putter.open();
    return item;
  }
  std::size_t size;
  std::deque<int> items;
  Gate getter;
  Gate putter;
};

Coroutine produce(Channel& channel, int items) {
  for (int i = 0; i < items; ++i) {
    while (channel.full()) co_await channel.putter;
    channel.put(i);
  }
  co_return 0;
}

Coroutine consume(Channel& channel, int items) {
  for (int i = 0; i < items; ++i) {
    while (channel.items.empty()) co_await channel.getter;
    require(channel.get() == i);
  }
  co_return 0;
}

void pass(int size, int items) {
  Channel channel{static_cast<std::size_t>(size), {}, {}, {}};
  std::vector<Coroutine> all;
  all.push_back(produce(channel, items));
  all.push_back(consume(channel, items));
  run_all(all);
}

Coroutine throw_ball(Channel& there, Channel& back, int rounds, bool first) {
  for (int i = 0; i < rounds; ++i) {
    if (first) there.put(i);
    while (back.items.empty()) co_await back.getter;
    require(back.get() == i);
    if (!first) there.put(i);
  }
  co_return 0;
}

void play(int rounds) {
  Channel there{1, {}, {}, {}};
  Channel back{1, {}, {}, {}};
  std::vector<Coroutine> all;
  all.push_back(throw_ball(there, back, rounds, true));
  all.push_back(throw_ball(back, there, rounds, false));
  run_all(all);
}

Coroutine open_and_wait(Gate& mine, Gate& other, int times) {
  for (int i = 0; i < times; ++i) {
    other.open();
    co_await mine;
  }
  other.open();
  co_return 0;
}

void wake_in_turn(int times) {
  Gate one;
  Gate two;
  std::vector<Coroutine> all;
  all.push_back(open_and_wait(one, two, times));
  all.push_back(open_and_wait(two, one, times));
  run_all(all);
}

/// A gate at which many coroutines wait until all of them may pass.
struct Event {
  static bool await_ready() noexcept { return false; }
  void await_suspend(std::coroutine_handle<> handle) { waiting.push_back(handle); }
  static void await_resume() noexcept {}
  void wake_all() {
    for (const std::coroutine_handle<> handle : waiting) ready.push(handle);
    waiting.clear();
  }
  std::vector<std::coroutine_handle<>> waiting;
};

Coroutine wait_often(Event& event, int times) {
  for (int i = 0; i < times; ++i) co_await event;
  co_return 0;
}

Coroutine wake_often(Event& event, int times) {
  for (int i = 0; i < times; ++i) {
    event.wake_all();
    co_await Yield();
  }
  co_return 0;
}

void wake_all(int tasks, int wakes) {
  Event event;
  std::vector<Coroutine> all;
  all.reserve(static_cast<std::size_t>(tasks) + 1);
  for (int i = 0; i < tasks; ++i) all.push_back(wait_often(event, wakes / tasks));
  all.push_back(wake_often(event, wakes / tasks));
  run_all(all);
}

struct Lock {
  bool held = false;
  std::deque<std::coroutine_handle<>> waiting;
  [[nodiscard]] bool await_ready() noexcept { return !std::exchange(held, true); }
  void await_suspend(std::coroutine_handle<> handle) { waiting.push_back(handle); }
  static void await_resume() noexcept {}
  void release() {
    held = !waiting.empty();
    if (!held) return;
    ready.push(waiting.front());
    waiting.pop_front();
  }
};

Coroutine lock_often(Lock& lock, int times, bool yields) {
  for (int i = 0; i < times; ++i) {
    co_await lock;
    if (yields) co_await Yield();
    lock.release();
  }
  co_return 0;
}

void lock(int tasks, int times, bool yields) {
  Lock lock;
  std::vector<Coroutine> all;
  all.reserve(static_cast<std::size_t>(tasks));
  for (int i = 0; i < tasks; ++i) all.push_back(lock_often(lock, times / tasks, yields));
  run_all(all);
}

}  // namespace

void enter_sync(Program& program) {
  program.play = play;
  program.pass = pass;
  program.wake_by_events = wake_in_turn;
  program.wake_by_futures = wake_in_turn;
  program.wake_all = wake_all;
  program.lock = lock;
}

}  // namespace bench
