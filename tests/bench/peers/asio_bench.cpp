// The workloads on Boost.Asio: its C++20 coroutines on an io_context that one thread runs, as its
// documentation has it. Queues, events, futures and locks it has none of; they are made of a timer
// that never expires and is cancelled to wake who waits, which is its documentation's way too.

#include <utility>  // first: Boost 1.74 does not include it

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <future>
#include <optional>
#include <thread>
#include <vector>

#include "../bench.hpp"

namespace bench {
namespace {

namespace asio = boost::asio;
using asio::awaitable;
using asio::use_awaitable;
using Tcp = asio::ip::tcp;

// One thread at a time is in the library: it then takes no locks.
constexpr int kOneThread = 1;

/// Runs what `start(context)` begins, to its end.
template <class F>
void run(F start) {
  asio::io_context context(kOneThread);
  start(context);
  context.run();
}

void rethrow(const std::exception_ptr& error) {
  if (error) std::rethrow_exception(error);
}

awaitable<void> yield() {
  co_await asio::post(co_await asio::this_coro::executor, use_awaitable);
}

// --- Tasks ---

awaitable<int> answer(int value) {
  co_return value;
}

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

// --- Timers ---

awaitable<void> sleep_for(std::chrono::nanoseconds delay) {
  asio::steady_timer timer(co_await asio::this_coro::executor, delay);
  co_await timer.async_wait(use_awaitable);
}

void sleep(int rounds, int tasks, int most_ns) {
  run([=](asio::io_context& context) {
    Random random;
    for (int round = 0; round < rounds; ++round) {
      for (int i = 0; i < tasks; ++i) {
        const std::chrono::nanoseconds delay(random.below(static_cast<std::uint64_t>(most_ns)));
        asio::co_spawn(context, sleep_for(delay), asio::detached);
      }
      context.run();
      context.restart();
    }
  });
}

void arm_and_cancel(int times) {
  run([times](asio::io_context& context) {
    asio::steady_timer timer(context);
    for (int i = 0; i < times; ++i) {
      timer.expires_after(std::chrono::seconds(10));
      timer.async_wait([](const boost::system::error_code&) {});
      timer.cancel();
    }
  });
}

awaitable<void> measure_lateness(int sleeps, std::vector<double>& late_us) {
  for (int i = 0; i < sleeps; ++i) {
    const double start = wall_ns();
    co_await sleep_for(std::chrono::milliseconds(1));
    late_us.push_back((wall_ns() - start - 1e6) / 1e3);
  }
}

std::vector<double> lateness_us(int sleeps) {
  std::vector<double> late_us;
  run([sleeps, &late_us](asio::io_context& context) {
    asio::co_spawn(context, measure_lateness(sleeps, late_us), asio::detached);
  });
  return late_us;
}

// --- Waiting for each other ---

/// Where coroutines wait until one of them, or all, are let go on.
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

// --- Threads: the library takes its locks then ---

void post(int posts) {
  asio::io_context context;
  auto work = std::make_optional(asio::make_work_guard(context));
  int received = 0;
  std::thread poster([&] {
    for (int i = 0; i < posts; ++i) {
      asio::post(context, [&] {
        if (++received == posts) work.reset();
      });
    }
  });
  context.run();
  poster.join();
}

void submit(int times) {
  asio::io_context context;
  auto work = std::make_optional(asio::make_work_guard(context));
  std::thread loop([&context] { context.run(); });
  for (int i = 0; i < times; ++i) {
    require(asio::co_spawn(context, answer(i), asio::use_future).get() == i);
  }
  work.reset();
  loop.join();
}

awaitable<void> call_on_pool(asio::thread_pool& pool, int times) {
  for (int i = 0; i < times; ++i) {
    require(co_await asio::co_spawn(pool, answer(i), use_awaitable) == i);
  }
}

void call_on_thread(int times) {
  asio::thread_pool pool(2);
  asio::io_context context;
  asio::co_spawn(context, call_on_pool(pool, times), asio::detached);
  context.run();
}

// --- Input and output ---

awaitable<void> serve(Tcp::socket socket) {
  std::array<char, std::size_t{16} * 1024> buffer;
  boost::system::error_code error;
  for (;;) {
    const std::size_t count = co_await socket.async_read_some(
        asio::buffer(buffer), asio::redirect_error(use_awaitable, error));
    if (error) co_return;
    co_await asio::async_write(socket, asio::buffer(buffer, count),
                               asio::redirect_error(use_awaitable, error));
    if (error) co_return;
  }
}

awaitable<void> accept_on(int port) {
  const auto executor = co_await asio::this_coro::executor;
  Tcp::acceptor acceptor(executor, Tcp::v4(), listen_on(port));
  for (;;) {
    Tcp::socket socket = co_await acceptor.async_accept(use_awaitable);
    socket.set_option(Tcp::no_delay(true));
    asio::co_spawn(executor, serve(std::move(socket)), asio::detached);
  }
}

void serve_echo(int port) {
  run([port](asio::io_context& context) {
    asio::co_spawn(context, accept_on(port), [](std::exception_ptr error) { rethrow(error); });
  });
}

}  // namespace
}  // namespace bench

int main(int argc, char** argv) {
  using namespace bench;
  const Program program{
      .spawn = spawn,
      .yield = yield_in_turn,
      .nest = nest,
      .gather = gather,
      .startup = startup,
      .sleep = sleep,
      .arm_and_cancel = arm_and_cancel,
      .lateness_us = lateness_us,
      .play = play,
      .pass = pass,
      .wake_by_events = wake_in_turn,
      .lock = lock_in_turn,
      .post = post,
      .submit = submit,
      .call_on_thread = call_on_thread,
      .serve_echo = serve_echo,
  };
  return run_main(argc, argv, program);
}
