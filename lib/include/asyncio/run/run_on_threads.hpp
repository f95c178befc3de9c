#pragma once

#include <asyncio/base/error.hpp>
#include <asyncio/detail/run/loop_threads.hpp>
#include <asyncio/run/run.hpp>
#include <cstddef>
#include <type_traits>
#include <utility>

namespace asyncio {

/// Runs `main(index)` for each index from 0 to `count` - 1, each on its own loop and thread; index
/// 0 runs on the calling thread. Returns when all have ended, with their results in order if they
/// have any. Lets a service use every core: each main listens on one shared port with SO_REUSEPORT,
/// and the kernel distributes the connections.
///
///     const auto main = [](std::size_t) { return serve(8080); };
///     run_on_threads(4, main);
///
/// The mains are children of a TaskGroup: the first one that fails, or a SIGINT, cancels the
/// others. If a cancelled main on another thread then throws, its error goes to the exception
/// handler of its loop. A main that is cancelled by anything else counts as failed.
///
/// Throws:   what run() throws, but DeadlockError for the first loop only; ExceptionGroup with the
///           errors of the mains; a BaseExit that a main or a callback of its loop throws;
///           ValueError if `count` is zero.
/// Lifetime: `main` is shared by all threads, and called on each.
/// Python:   no counterpart.
template <class F>
auto run_on_threads(std::size_t count, F main, RunOptions options = RunOptions());

// ---------------------------------------------------------------------------------------------

template <class F>
auto run_on_threads(std::size_t count, F main, RunOptions options) {
  using T = typename std::invoke_result_t<F&, std::size_t>::value_type;
  if (count == 0) throw ValueError("the count of threads must be greater than 0");
  detail::LoopThreads others(count - 1, options);
  try {
    if constexpr (std::is_void_v<T>) {
      run(detail::run_mains<T>(others, main), std::move(options));
      others.stop();
    } else {
      auto results = run(detail::run_mains<T>(others, main), std::move(options));
      others.stop();
      return results;
    }
  } catch (...) {
    others.stop();  // throws the exit of another thread instead, if there is one
    throw;
  }
}

}  // namespace asyncio
