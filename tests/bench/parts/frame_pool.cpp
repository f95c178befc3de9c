// Measures the cost of allocating and freeing a block of the size of a coroutine's frame.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <asyncio/asyncio.hpp>
#include <asyncio/detail/base/frame_pool.hpp>
#include <cstddef>
#include <random>
#include <thread>
#include <vector>

#include "parts.hpp"

namespace {

using asyncio::detail::allocate_frame;
using asyncio::detail::free_frame;

constexpr std::size_t kFrameBytes = 192;

/// Allocates the benchmark's number of blocks.
std::vector<void*> make_frames(const benchmark::State& state) {
  std::vector<void*> frames(static_cast<std::size_t>(state.range(0)));
  for (void*& frame : frames) frame = allocate_frame(kFrameBytes);
  return frames;
}

void one_after_the_other(benchmark::State& state) {
  for (auto _ : state) {
    void* const frame = allocate_frame(kFrameBytes);
    benchmark::DoNotOptimize(frame);
    free_frame(frame, kFrameBytes);
  }
}
BENCHMARK(one_after_the_other)->Name("frame_pool/one");

void last_in_first_out(benchmark::State& state) {
  for (auto _ : state) {
    const std::vector<void*> frames = make_frames(state);
    std::for_each(frames.rbegin(), frames.rend(),
                  [](void* frame) { free_frame(frame, kFrameBytes); });
  }
  parts::count_each(state);
}
BENCHMARK(last_in_first_out)->Name("frame_pool/lifo")->Apply(parts::sizes);

void in_random_order(benchmark::State& state) {
  std::vector<std::size_t> order(static_cast<std::size_t>(state.range(0)));
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::shuffle(order.begin(), order.end(), std::minstd_rand(1));
  for (auto _ : state) {
    const std::vector<void*> frames = make_frames(state);
    for (const std::size_t i : order) free_frame(frames[i], kFrameBytes);
  }
  parts::count_each(state);
}
BENCHMARK(in_random_order)->Name("frame_pool/random")->Apply(parts::sizes);

// Allocates blocks here and frees them on a new thread, which returns them to this thread's pool.
void on_another_thread(benchmark::State& state) {
  for (auto _ : state) {
    const std::vector<void*> frames = make_frames(state);
    std::thread other([&frames] {
      for (void* const frame : frames) free_frame(frame, kFrameBytes);
    });
    other.join();
  }
  parts::count_each(state);
}
BENCHMARK(on_another_thread)->Name("frame_pool/remote")->Arg(1'000'000)->UseRealTime();

}  // namespace
