// Measures the cost of contexts and their copies, by the number of variables that are set.

#include <benchmark/benchmark.h>

#include <asyncio/asyncio.hpp>
#include <memory>
#include <string>
#include <vector>

namespace {

using asyncio::Context;
using asyncio::ContextVar;

/// Calls `measure(first)` in a context in which the benchmark's number of variables is set.
template <class F>
void with_variables(benchmark::State& state, F measure) {
  std::vector<std::unique_ptr<ContextVar<int>>> variables;
  for (int i = 0; i <= state.range(0); ++i) {
    variables.push_back(std::make_unique<ContextVar<int>>("a variable", 0));
  }
  Context().run([&] {
    for (int i = 0; i < state.range(0); ++i) {
      (void)variables[static_cast<std::size_t>(i)]->set(i);
    }
    measure(*variables.front());
  });
}

void copy(benchmark::State& state) {
  with_variables(state, [&state](const ContextVar<int>&) {
    for (auto _ : state) benchmark::DoNotOptimize(asyncio::detail::copy_current_context());
  });
}
BENCHMARK(copy)->Name("context/copy")->Arg(0)->Arg(1)->Arg(10);

// Copies an empty context, as in a program without variables.
void copy_none(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(asyncio::detail::copy_current_context());
}
BENCHMARK(copy_none)->Name("context/copy_none");

void get(benchmark::State& state) {
  with_variables(state, [&state](const ContextVar<int>& variable) {
    for (auto _ : state) benchmark::DoNotOptimize(variable.get());
  });
}
BENCHMARK(get)->Name("context/get")->Arg(0)->Arg(1)->Arg(10);

void set(benchmark::State& state) {
  with_variables(state, [&state](const ContextVar<int>& variable) {
    for (auto _ : state) benchmark::DoNotOptimize(variable.set(1));
  });
}
BENCHMARK(set)->Name("context/set")->Arg(1)->Arg(10);

}  // namespace
