// Measures the steps to a callback: the ready queue, a post to the loop, call_soon().

#include <benchmark/benchmark.h>

#include <asyncio/asyncio.hpp>
#include <asyncio/loop/handle.hpp>
#include <cstddef>
#include <vector>

#include "parts.hpp"

namespace {

using asyncio::detail::PostQueue;
using asyncio::detail::ReadyQueue;
using asyncio::detail::Runnable;

class Entry final : public Runnable {
 public:
  void run() noexcept override { benchmark::ClobberMemory(); }
  void discard() noexcept override {}
};

std::vector<Entry> make_entries(const benchmark::State& state) {
  return std::vector<Entry>(static_cast<std::size_t>(state.range(0)));
}

// Queues entries, takes them out and runs them.
void ready_queue(benchmark::State& state) {
  std::vector<Entry> entries = make_entries(state);
  ReadyQueue queue;
  for (auto _ : state) {
    for (Entry& entry : entries) queue.push_back(entry);
    queue.consume([](Runnable& entry) { entry.run(); });
  }
  parts::count_each(state);
}
BENCHMARK(ready_queue)->Apply(parts::sizes);

// Posts to a loop that is awake and drains the posts, without contention by another thread.
void post_queue(benchmark::State& state) {
  std::vector<Entry> entries = make_entries(state);
  asyncio::EventLoop loop;
  PostQueue& posts = loop.core().wakeup()->posts();
  ReadyQueue queue;
  for (auto _ : state) {
    for (Entry& entry : entries) benchmark::DoNotOptimize(posts.post(entry));
    posts.drain(queue);
    queue.consume([](Runnable& entry) { entry.run(); });
  }
  parts::count_each(state);
}
BENCHMARK(post_queue)->Apply(parts::sizes);

// Schedules a callback that schedules itself: each call is a turn with nothing else in it.
void call_soon(benchmark::State& state) {
  asyncio::EventLoop loop;
  struct Again {
    void operator()() const {
      if (state.KeepRunning()) {
        (void)loop.call_soon(*this);
      } else {
        loop.stop();
      }
    }
    benchmark::State& state;
    asyncio::EventLoop& loop;
  };
  (void)loop.call_soon(Again{state, loop});
  loop.run_forever();
}
BENCHMARK(call_soon);

// Schedules many callbacks in one turn.
void call_soon_often(benchmark::State& state) {
  asyncio::EventLoop loop;
  for (auto _ : state) {
    for (int i = 0; i < state.range(0); ++i) {
      (void)loop.call_soon([] { benchmark::ClobberMemory(); });
    }
    loop.stop();
    loop.run_forever();
  }
  parts::count_each(state);
}
BENCHMARK(call_soon_often)->Name("call_soon/in_one_turn")->Apply(parts::sizes);

}  // namespace
