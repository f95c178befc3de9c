#pragma once

#include <asyncio/base/error.hpp>
#include <asyncio/combine/gather.hpp>
#include <asyncio/combine/task_group.hpp>
#include <asyncio/run/loop_thread.hpp>
#include <asyncio/run/run.hpp>
#include <asyncio/task/coroutine.hpp>
#include <asyncio/task/task.hpp>
#include <asyncio/thread/threadsafe.hpp>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace asyncio::detail {

/// The threads and loops of all indexes except the first.
class LoopThreads {
 public:
  LoopThreads(std::size_t count, const RunOptions& options);

  [[nodiscard]] std::size_t size() const noexcept { return threads_.size(); }
  [[nodiscard]] const LoopThread& at(std::size_t index) const noexcept { return *threads_[index]; }
  /// Stops all threads, then throws the first exit, if there is one.
  void stop();

 private:
  std::vector<std::unique_ptr<LoopThread>> threads_;
};

// The objects that these coroutines refer to live in run_on_threads(), which waits for them.
// NOLINTBEGIN(cppcoreguidelines-avoid-reference-coroutine-parameters)

template <class T, class F>
Coroutine<T> call_main(F& main, std::size_t index) {
  co_return co_await main(index);
}

template <class T>
Coroutine<T> follow_main(ConcurrentFuture<T> result) {
  co_return co_await wrap_future(std::move(result));
}

/// Awaits `main`. Throws RuntimeError if `main` was cancelled by anything but the group: for
/// example, when an exit has ended its loop.
template <class T>
Coroutine<T> unless_cancelled(Coroutine<T> main, std::size_t index) {
  try {
    co_return co_await std::move(main);
  } catch (const CancelledError&) {
    if (current_task()->cancelling() > 0) throw;
    throw RuntimeError("main " + std::to_string(index) + " was cancelled");
  }
}

template <class T, class F>
Coroutine<void> start_mains(TaskGroup& group, const LoopThreads& others, F& main,
                            std::vector<Task<T>>& mains) {
  mains.push_back(group.create_task(unless_cancelled(call_main<T>(main, 0), 0)));
  for (std::size_t i = 1; i <= others.size(); ++i) {
    const ConcurrentFuture<T> result = others.at(i - 1).run(call_main<T>(main, i));
    mains.push_back(group.create_task(unless_cancelled(follow_main(result), i)));
  }
  co_return;
}

template <class T, class F>
Coroutine<GatheredVector<T>> run_mains(LoopThreads& others, F& main) {
  std::vector<Task<T>> mains;
  TaskGroup group;
  const auto start = [&](TaskGroup& open) { return start_mains<T>(open, others, main, mains); };
  co_await group.run(start);
  co_return co_await gather(std::move(mains));
}

// NOLINTEND(cppcoreguidelines-avoid-reference-coroutine-parameters)

}  // namespace asyncio::detail
