#include <asyncio/base/error.hpp>
#include <asyncio/detail/thread/completion_state.hpp>
#include <asyncio/detail/thread/loop_jobs.hpp>
#include <asyncio/thread/executor.hpp>
#include <exception>
#include <utility>

namespace asyncio::detail {

LoopJobs::LoopJobs(LoopCore& core) : core_(core) {
  if (core.has_virtual_clock()) scheduler_ = std::make_shared<VirtualTimeScheduler>(core);
}

LoopJobs::~LoopJobs() = default;

ThreadPoolExecutor& LoopJobs::default_executor() {
  if (default_stopped_) throw RuntimeError("Executor shutdown has been called");
  if (!default_) default_ = std::make_unique<ThreadPoolExecutor>();
  return *default_;
}

void LoopJobs::set_default(std::unique_ptr<ThreadPoolExecutor> executor) {
  if (!executor) throw ValueError("the default executor cannot be none");
  if (default_stopped_) throw RuntimeError("Executor shutdown has been called");
  if (default_) replaced_.push_back(std::move(default_));
  default_ = std::move(executor);
}

void LoopJobs::submit(std::unique_ptr<Job> job, ThreadPoolExecutor* executor) {
  submit_to(executor != nullptr ? *executor : default_executor(), *job);
  if (executor == nullptr) {
    job->set_of_default();
    ++default_jobs_;
  }
  keep_track(*job.release());
}

void LoopJobs::submit_to(ThreadPoolExecutor& executor, Job& job) {
  job.set_executor(&executor);
  Load& load = loads_[&executor];
  if (scheduler_ && load.running >= executor.max_workers()) {
    load.waiting.push_back(&job);
  } else {
    hand_over(job, executor);
    ++load.running;
  }
}

// The job may run and be posted back before this function returns.
void LoopJobs::submit_when_done(std::unique_ptr<Job> job, CompletionState& source) {
  source.when_done(*job);
  keep_track(*job.release());
}

void LoopJobs::keep_track(Job& job) noexcept {
  core_.job_submitted();
  job.link_before(all_);
}

void LoopJobs::hand_over(Job& job, ThreadPoolExecutor& executor) {
  if (scheduler_) job.run_in_virtual_time(scheduler_);
  try {
    executor.submit(job);
  } catch (...) {
    job.leave_virtual_time();
    throw;
  }
}

void LoopJobs::ended(Job& job) noexcept {
  job.unlink();
  core_.job_ended();
  free_thread_of(job);
  if (job.is_of_default() && --default_jobs_ == 0) {
    for (const Future<void>& idle : std::exchange(default_idle_, {})) {
      if (!idle.done()) idle.set_result();
    }
  }
}

void LoopJobs::free_thread_of(Job& job) noexcept {
  ThreadPoolExecutor* const executor = job.executor();
  if (executor == nullptr) return;
  job.set_executor(nullptr);
  Load& load = loads_[executor];
  --load.running;
  start_waiting(load, executor);  // if no job waits, the executor may be destroyed already
}

// Lets each job take its turns here and now. Virtual time advances with them; the rest of the loop
// stands still.
void LoopJobs::finish_jobs_of(ThreadPoolExecutor& executor) noexcept {
  if (!scheduler_) return;
  while (Job* const job = next_to_run(executor)) {
    core_.advance_to(job->due());
    if (job->run_turn()) free_thread_of(*job);
  }
}

Job* LoopJobs::next_to_run(const ThreadPoolExecutor& executor) noexcept {
  Job* next = nullptr;
  for (ListNode* node = all_.next(); node != &all_; node = node->next()) {
    auto& job = static_cast<Job&>(*node);
    if (job.executor() != &executor || !job.waits_for_turn()) continue;
    if (next == nullptr || job.due() < next->due()) next = &job;
  }
  return next;
}

void LoopJobs::start_waiting(Load& load, ThreadPoolExecutor* executor) noexcept {
  if (load.waiting.empty()) return;
  Job& next = *load.waiting.front();
  load.waiting.pop_front();
  ++load.running;
  try {
    hand_over(next, *executor);
  } catch (...) {
    next.refused(std::current_exception());  // the end of this job starts the next one
  }
}

Coroutine<void> LoopJobs::shut_down_default(std::optional<Duration> timeout) {
  default_stopped_ = true;
  if (default_given_up_) co_return;
  if (default_jobs_ > 0) co_await default_jobs_ended(timeout);
  default_given_up_ = default_jobs_ > 0;
  end_default_executors(/*wait=*/!default_given_up_);
  if (!default_given_up_) co_return;
  ExceptionContext context;
  context.message = "the default executor has not ended its work in the given time";
  core_.loop().call_exception_handler(context);
}

Coroutine<void> LoopJobs::default_jobs_ended(std::optional<Duration> timeout) {
  const Future<void> over = core_.loop().create_future<void>();
  default_idle_.push_back(over);
  TimerHandle timer;
  if (timeout) {
    timer = core_.loop().call_later(*timeout, [over] {
      if (!over.done()) over.set_result();
    });
  }
  std::exception_ptr cancelled;
  try {
    co_await over;
  } catch (...) {
    cancelled = std::current_exception();
  }
  timer.cancel();
  if (cancelled) std::rethrow_exception(std::move(cancelled));
}

void LoopJobs::loop_closing() noexcept {
  default_stopped_ = true;
  while (all_.linked()) {
    auto& job = static_cast<Job&>(*all_.next());
    job.unlink();
    job.leave_virtual_time();  // before its worker can run and delete it
    job.abandon();
  }
  for (auto& [executor, load] : loads_) {
    for (Job* waiting : load.waiting) waiting->discard();
    load.waiting.clear();
  }
  if (scheduler_) scheduler_->loop_closing();
  end_default_executors(/*wait=*/false);
}

void LoopJobs::end_default_executors(bool wait) noexcept {
  for (const auto& executor : replaced_) executor->shutdown(wait);
  if (default_) default_->shutdown(wait);
}

}  // namespace asyncio::detail
