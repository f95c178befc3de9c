#pragma once

#include <asyncio/base/time.hpp>
#include <asyncio/detail/base/intrusive.hpp>
#include <asyncio/detail/loop/loop_core.hpp>
#include <asyncio/detail/loop/loop_service.hpp>
#include <asyncio/detail/thread/job.hpp>
#include <asyncio/detail/thread/virtual_time_scheduler.hpp>
#include <asyncio/loop/event_loop.hpp>
#include <asyncio/task/coroutine.hpp>
#include <asyncio/task/future.hpp>
#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

namespace asyncio {
class ThreadPoolExecutor;
}

namespace asyncio::detail {

class CompletionState;

/// The jobs of one loop, with its default executor and, on a virtual clock, the scheduler of its
/// workers.
///
/// Thread:   the loop's.
class LoopJobs final : public LoopService {
 public:
  explicit LoopJobs(LoopCore& core);
  ~LoopJobs() override;

  /// Submits `job` to `executor`; null means the default executor.
  void submit(std::unique_ptr<Job> job, ThreadPoolExecutor* executor);
  /// Makes the thread that ends `source` run `job`.
  void submit_when_done(std::unique_ptr<Job> job, CompletionState& source);
  /// Removes a job that has been posted back.
  void ended(Job& job) noexcept;
  void set_default(std::unique_ptr<ThreadPoolExecutor> executor);
  /// On a virtual clock, runs the jobs of `executor` to their end. Called when the loop's thread is
  /// about to wait for the executor's threads, because their work needs turns from the loop.
  void finish_jobs_of(ThreadPoolExecutor& executor) noexcept;
  Coroutine<void> shut_down_default(std::optional<Duration> timeout);
  void loop_closing() noexcept override;

 private:
  // The jobs of one executor. On a virtual clock, a sleeping worker occupies its thread, so only as
  // many jobs may take turns as there are threads. The others wait and are not workers yet.
  struct Load {
    std::size_t running = 0;
    std::deque<Job*> waiting;
  };

  ThreadPoolExecutor& default_executor();
  void submit_to(ThreadPoolExecutor& executor, Job& job);
  void hand_over(Job& job, ThreadPoolExecutor& executor);
  void keep_track(Job& job) noexcept;
  void free_thread_of(Job& job) noexcept;
  void start_waiting(Load& load, ThreadPoolExecutor* executor) noexcept;
  Coroutine<void> default_jobs_ended(std::optional<Duration> timeout);
  void end_default_executors(bool wait) noexcept;
  Job* next_to_run(const ThreadPoolExecutor& executor) noexcept;

  LoopCore& core_;
  std::shared_ptr<VirtualTimeScheduler> scheduler_;
  ListNode all_;
  std::map<ThreadPoolExecutor*, Load> loads_;
  std::unique_ptr<ThreadPoolExecutor> default_;
  std::vector<std::unique_ptr<ThreadPoolExecutor>> replaced_;  // former default executors
  std::size_t default_jobs_ = 0;                               // jobs of default_ and replaced_
  bool default_stopped_ = false;
  bool default_given_up_ = false;           // a shutdown has timed out with jobs left
  std::vector<Future<void>> default_idle_;  // set when default_jobs_ becomes 0
};

/// Submits a function to `executor` and returns a future for its result; null means the default
/// executor.
template <class F, class... Args>
auto start_job(ThreadPoolExecutor* executor, F&& function, Args&&... args) {
  using T = std::invoke_result_t<std::decay_t<F>&, std::decay_t<Args>...>;
  auto call = [function = std::decay_t<F>(std::forward<F>(function)),
               ... args = std::decay_t<Args>(std::forward<Args>(args))]() mutable -> T {
    return std::invoke(function, std::move(args)...);
  };
  EventLoop& loop = get_running_loop();
  Future<T> future = loop.create_future<T>();
  auto job = std::make_unique<JobOf<T, decltype(call)>>(loop.core(), future, std::move(call));
  loop.core().service<LoopJobs>().submit(std::move(job), executor);
  return future;
}

}  // namespace asyncio::detail
