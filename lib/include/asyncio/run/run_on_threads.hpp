#pragma once

#include <asyncio/base/error.hpp>
#include <asyncio/detail/run/loop_threads.hpp>
#include <asyncio/run/run.hpp>
#include <cstddef>
#include <type_traits>
#include <utility>

namespace asyncio {

/// Runs `main(index)` for each index from 0 to `count` - 1, each on a loop and a thread of its own,
/// index 0 on the calling one, and returns when all have ended: with their results in order, if
/// they have any. For services that want every core: each main listens on the same port with
/// SO_REUSEPORT, and the kernel shares the connections out.
///
///     const auto main = [](std::size_t) { return serve(8080); };
///     run_on_threads(4, main);
///
/// The mains are children of a TaskGroup: the first that fails, or a SIGINT, cancels the others.
/// What one of another thread throws when it has been cancelled goes to the exception handler of
/// its loop. A main that is cancelled by anybody else counts as failed.
///
/// Throws:   as run(), but a DeadlockError for the first loop only; ExceptionGroup with the errors
///           of the mains; the BaseExit that any of them, or a callback of its loop, throws;
///           ValueError for no threads.
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
    others.stop();  // an exit of one of them is the reason
    throw;
  }
}

}  // namespace asyncio
