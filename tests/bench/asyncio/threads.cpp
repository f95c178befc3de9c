// Work that crosses threads.

#include <asyncio/asyncio.hpp>
#include <chrono>
#include <string>
#include <thread>
#include <utility>

#include "workloads.hpp"

namespace bench {
namespace {

namespace aio = asyncio;
using aio::Coroutine;

// --- xpost: a thread posts callbacks ---

Coroutine<void> receive_posts(int posts) {
  const aio::LoopHandle loop = aio::get_running_loop().handle();
  const aio::Future<void> all = aio::get_running_loop().create_future<void>();
  int received = 0;
  std::thread poster([&loop, &all, &received, posts] {
    for (int i = 0; i < posts; ++i) {
      loop.call_soon_threadsafe([&all, &received, posts] {
        if (++received == posts) all.set_result();
      });
    }
  });
  co_await all;
  poster.join();
}

void xpost() {
  constexpr int kPosts = 1'000'000;
  report("xpost", best_of(wall_ns, kPosts, [] { aio::run(receive_posts(kPosts)); }));
}

// --- xrt: a thread submits a coroutine and blocks for the result ---

Coroutine<int> answer(int value) {
  co_return value;
}

void xrt() {
  constexpr int kTimes = 20'000;
  const OneProcessor one;
  const aio::LoopThread loop;
  report("xrt_us", best_of(wall_ns, kTimes * 1e3, [&loop] {
           for (int i = 0; i < kTimes; ++i) require(loop.run(answer(i)).result() == i);
         }));
}

// --- tothread: the loop awaits a function on the pool ---

Coroutine<void> call_on_pool(int times) {
  for (int i = 0; i < times; ++i) require(co_await aio::to_thread([i] { return i; }) == i);
}

void tothread() {
  constexpr int kTimes = 20'000;
  const OneProcessor one;
  report("tothread_us", best_of(wall_ns, kTimes * 1e3, [] { aio::run(call_on_pool(kTimes)); }));
}

constexpr Workload kWorkloads[] = {{"xpost", xpost}, {"xrt", xrt}, {"tothread", tothread}};

}  // namespace

constinit const Workloads thread_workloads = kWorkloads;

}  // namespace bench
