// Coroutines that wait for each other.

#include "asio.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstddef>
#include <deque>

namespace bench {
namespace {

/// A gate at which coroutines wait until it lets one pass.
class Gate {
 public:
  explicit Gate(asio::io_context& context)
      : timer_(context, asio::steady_timer::time_point::max()) {}
  awaitable<void> wait() {
    boost::system::error_code cancelled;
    co_await timer_.async_wait(asio::redirect_error(use_awaitable, cancelled));
  }
  void open_one() { timer_.cancel_one(); }

 private:
  asio::steady_timer timer_;
};

struct Channel {
  Channel(asio::io_context& context, std::size_t most)
      : size(most), getter(context), putter(context) {}
  awaitable<void> put(int item) {
    while (items.size() >= size) co_await putter.wait();
    items.push_back(item);
    getter.open_one();
  }
  awaitable<int> get() {
    while (items.empty()) co_await getter.wait();
    const int item = items.front();
    items.pop_front();
    putter.open_one();
    co_return item;
  }
  std::size_t size;
  std::deque<int> items;
  Gate getter;
  Gate putter;
};

awaitable<void> produce(Channel& channel, int items) {
  for (int i = 0; i < items; ++i) co_await channel.put(i);
}

awaitable<void> consume(Channel& channel, int items) {
  for (int i = 0; i < items; ++i) require(co_await channel.get() == i);
}

void pass(int size, int items) {
  run([size, items](asio::io_context& context) {
    Channel channel(context, static_cast<std::size_t>(size));
    asio::co_spawn(context, produce(channel, items), asio::detached);
    asio::co_spawn(context, consume(channel, items), asio::detached);
    context.run();
  });
}

awaitable<void> throw_ball(Channel& there, Channel& back, int rounds) {
  for (int i = 0; i < rounds; ++i) {
    co_await there.put(i);
    require(co_await back.get() == i);
  }
}

awaitable<void> throw_back(Channel& there, Channel& back, int rounds) {
  for (int i = 0; i < rounds; ++i) co_await back.put(co_await there.get());
}

void play(int rounds) {
  run([rounds](asio::io_context& context) {
    Channel there(context, 1);
    Channel back(context, 1);
    asio::co_spawn(context, throw_ball(there, back, rounds), asio::detached);
    asio::co_spawn(context, throw_back(there, back, rounds), asio::detached);
    context.run();
  });
}

awaitable<void> open_and_wait(Gate& mine, Gate& other, int times) {
  for (int i = 0; i < times; ++i) {
    other.open_one();
    co_await mine.wait();
  }
  other.open_one();
}

void wake_in_turn(int times) {
  run([times](asio::io_context& context) {
    Gate one(context);
    Gate two(context);
    asio::co_spawn(context, open_and_wait(one, two, times), asio::detached);
    asio::co_spawn(context, open_and_wait(two, one, times), asio::detached);
    context.run();
  });
}

class Lock {
 public:
  explicit Lock(asio::io_context& context) : gate_(context) {}
  awaitable<void> acquire() {
    while (held_) co_await gate_.wait();
    held_ = true;
  }
  void release() {
    held_ = false;
    gate_.open_one();
  }

 private:
  bool held_ = false;
  Gate gate_;
};

awaitable<void> lock_often(Lock& lock, int times, bool yields) {
  for (int i = 0; i < times; ++i) {
    co_await lock.acquire();
    if (yields) co_await yield();
    lock.release();
  }
}

void lock_in_turn(int tasks, int times, bool yields) {
  run([=](asio::io_context& context) {
    Lock lock(context);
    for (int i = 0; i < tasks; ++i) {
      asio::co_spawn(context, lock_often(lock, times / tasks, yields), asio::detached);
    }
    context.run();
  });
}

}  // namespace

void enter_sync(Program& program) {
  program.play = play;
  program.pass = pass;
  program.wake_by_events = wake_in_turn;
  program.lock = lock_in_turn;
}

}  // namespace bench
