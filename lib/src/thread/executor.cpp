#include <algorithm>
#include <asyncio/base/posix.hpp>
#include <asyncio/thread/executor.hpp>
#include <asyncio/thread/threadsafe.hpp>
#include <condition_variable>
#include <deque>
#include <exception>
#include <map>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace asyncio {

namespace detail {
namespace {
void let_jobs_end(ThreadPoolExecutor& executor) noexcept;
}  // namespace
}  // namespace detail

// --- The threads ---

// What the threads share; each of them keeps it alive. A thread that has nothing to do waits for an
// item of its own; the one that has been idle for the shortest time gets the next, for its stack is
// still in the cache. That item waits for its thread to wake up, even if another one gets free
// before.
class ThreadPoolExecutor::Pool {
 public:
  explicit Pool(std::size_t max_workers) noexcept : max_workers_(max_workers) {}

  [[nodiscard]] std::size_t max_workers() const noexcept { return max_workers_; }

  void submit(const std::shared_ptr<Pool>& self, detail::WorkItem& item) {
    Worker* idle = nullptr;
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) throw RuntimeError("cannot schedule new futures after shutdown");
      if (idle_ != nullptr) {
        idle = &give_to_idle(&item);
      } else {
        queue_.push_back(&item);
        if (workers_.size() < max_workers_) start_worker(self);
      }
    }
    if (idle != nullptr) idle->told.notify_one();  // who wakes up finds the mutex free
  }

  // Returns the threads, to be joined or left to themselves.
  std::vector<std::thread> stop() noexcept {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    while (idle_ != nullptr) give_to_idle(nullptr).told.notify_one();
    return std::move(threads_);
  }

 private:
  struct Worker {
    std::condition_variable told;
    bool idle = false;
    detail::WorkItem* item = nullptr;  // of its own; null: there will be none
    Worker* next_idle = nullptr;
  };

  // Its thread is to be told. REQUIRES: the mutex is held, and somebody is idle.
  Worker& give_to_idle(detail::WorkItem* item) noexcept {
    Worker& worker = *idle_;
    idle_ = worker.next_idle;
    worker.idle = false;
    worker.item = item;
    return worker;
  }

  void start_worker(const std::shared_ptr<Pool>& self) {
    std::exception_ptr error;
    try {
      Worker& worker = workers_.emplace_back();
      threads_.emplace_back([self, &worker] { self->serve(worker); });
      return;
    } catch (const std::system_error& refused) {  // what() says "Resource temporarily unavailable"
      const std::system_error named(refused.code(), "cannot start a thread");
      error = std::make_exception_ptr(named);
    } catch (...) {
      error = std::current_exception();
    }
    if (workers_.size() > threads_.size()) workers_.pop_back();
    if (!threads_.empty()) return;  // those threads that there are will do it
    queue_.pop_back();
    std::rethrow_exception(std::move(error));
  }

  void serve(Worker& worker) {
    reset_timer_slack();
    while (detail::WorkItem* const item = next_item(worker)) item->work();
  }

  detail::WorkItem* next_item(Worker& worker) {
    std::unique_lock lock(mutex_);
    if (!queue_.empty()) {
      detail::WorkItem* const item = queue_.front();
      queue_.pop_front();
      return item;
    }
    if (stopping_) return nullptr;
    worker.idle = true;
    worker.next_idle = std::exchange(idle_, &worker);
    worker.told.wait(lock, [&worker] { return !worker.idle; });
    return worker.item;
  }

  const std::size_t max_workers_;
  std::mutex mutex_;
  std::deque<detail::WorkItem*> queue_;  // empty while anybody is idle
  std::deque<Worker> workers_;
  std::vector<std::thread> threads_;
  Worker* idle_ = nullptr;  // the last one first
  bool stopping_ = false;
};

std::size_t ThreadPoolExecutor::default_worker_count() noexcept {
  return std::min<std::size_t>(32, std::max(1U, std::thread::hardware_concurrency()) + 4);
}

ThreadPoolExecutor::ThreadPoolExecutor(std::size_t max_workers) {
  if (max_workers == 0) throw ValueError("max_workers must be greater than 0");
  pool_ = std::make_shared<Pool>(max_workers);
}

ThreadPoolExecutor::~ThreadPoolExecutor() {
  shutdown(/*wait=*/true);
}

std::size_t ThreadPoolExecutor::max_workers() const noexcept {
  return pool_->max_workers();
}

void ThreadPoolExecutor::shutdown(bool wait) noexcept {
  if (wait) detail::let_jobs_end(*this);
  for (std::thread& thread : pool_->stop()) {
    if (wait && thread.get_id() != std::this_thread::get_id()) {
      thread.join();
    } else {
      thread.detach();
    }
  }
}

void ThreadPoolExecutor::submit(detail::WorkItem& item) {
  const std::shared_ptr<Pool> pool = pool_;  // once the item has run, this may end
  pool->submit(pool, item);
}

// --- A loop's jobs ---

namespace detail {

namespace {

/// The jobs of one loop, its default executor, and, on a virtual clock, the turns of its
/// workers.
class LoopJobs final : public LoopService {
 public:
  explicit LoopJobs(EventLoop& loop) : loop_(loop) {
    if (loop.has_virtual_clock()) turns_ = std::make_shared<TurnTaking>(loop);
  }

  void submit(std::unique_ptr<Job> job, ThreadPoolExecutor* executor);
  void submit_when_over(std::unique_ptr<Job> job, SharedEnd& source);
  void ended(Job& job) noexcept;
  void set_default(std::unique_ptr<ThreadPoolExecutor> executor);
  void let_jobs_end(ThreadPoolExecutor& executor) noexcept;
  Coroutine<void> shut_down_default(std::optional<Duration> timeout);
  void loop_closing() noexcept override;

 private:
  // A job that waits for a free thread is no party yet: on a virtual clock a worker sleeps
  // with its thread, so only as many jobs may take turns as there are threads.
  struct Load {
    std::size_t running = 0;
    std::deque<Job*> waiting;
  };

  ThreadPoolExecutor& default_executor();
  void submit_to(ThreadPoolExecutor& executor, Job& job);
  void hand_over(Job& job, ThreadPoolExecutor& executor);
  void keep_track(Job& job) noexcept;
  void free_thread(Job& job) noexcept;
  void start_waiting(Load& load, ThreadPoolExecutor* executor) noexcept;
  Coroutine<void> let_default_jobs_end(std::optional<Duration> timeout);
  void end_default_executors(bool wait) noexcept;
  Job* next_to_run(const ThreadPoolExecutor& executor) noexcept;

  EventLoop& loop_;
  std::shared_ptr<TurnTaking> turns_;
  ListNode all_;
  std::map<ThreadPoolExecutor*, Load> loads_;
  std::unique_ptr<ThreadPoolExecutor> default_;
  std::vector<std::unique_ptr<ThreadPoolExecutor>> replaced_;  // that were default_
  std::size_t default_jobs_ = 0;                               // of all of these
  bool default_stopped_ = false;
  bool default_given_up_ = false;           // somebody has waited for its jobs long enough
  std::vector<Future<void>> default_idle_;  // of those who wait for default_jobs_ to be 0
};

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
  if (turns_ && load.running >= executor.max_workers()) {
    load.waiting.push_back(&job);
  } else {
    hand_over(job, executor);
    ++load.running;
  }
}

// It may be worked on, and posted back, before this returns.
void LoopJobs::submit_when_over(std::unique_ptr<Job> job, SharedEnd& source) {
  source.when_over(*job);
  keep_track(*job.release());
}

void LoopJobs::keep_track(Job& job) noexcept {
  loop_.job_submitted();
  job.link_before(all_);
}

void LoopJobs::hand_over(Job& job, ThreadPoolExecutor& executor) {
  if (turns_) job.take_turns(turns_);
  try {
    executor.submit(job);
  } catch (...) {
    job.leave_turns();
    throw;
  }
}

void LoopJobs::ended(Job& job) noexcept {
  job.unlink();
  loop_.job_ended();
  free_thread(job);
  if (job.is_of_default() && --default_jobs_ == 0) {
    for (const Future<void>& idle : std::exchange(default_idle_, {})) {
      if (!idle.done()) idle.set_result();
    }
  }
}

void LoopJobs::free_thread(Job& job) noexcept {
  ThreadPoolExecutor* const executor = job.executor();
  if (executor == nullptr) return;
  job.set_executor(nullptr);
  Load& load = loads_[executor];
  --load.running;
  start_waiting(load, executor);  // which need not exist any more if nothing waits for it
}

// The loop's thread is about to wait for `executor`, whose work on a virtual clock needs that
// thread. So the work runs here and now, and the time goes on with it; all else stands still.
void LoopJobs::let_jobs_end(ThreadPoolExecutor& executor) noexcept {
  if (!turns_) return;
  while (Job* const job = next_to_run(executor)) {
    loop_.pass_time_until(job->due());
    if (job->run_turn()) free_thread(*job);
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
    next.refused(std::current_exception());  // ends like any other, and starts the one behind it
  }
}

Coroutine<void> LoopJobs::shut_down_default(std::optional<Duration> timeout) {
  default_stopped_ = true;
  if (default_given_up_) co_return;
  if (default_jobs_ > 0) co_await let_default_jobs_end(timeout);
  default_given_up_ = default_jobs_ > 0;
  end_default_executors(/*wait=*/!default_given_up_);
  if (!default_given_up_) co_return;
  ExceptionContext context;
  context.message = "the default executor has not ended its work in the given time";
  loop_.call_exception_handler(context);
}

Coroutine<void> LoopJobs::let_default_jobs_end(std::optional<Duration> timeout) {
  const Future<void> over = loop_.create_future<void>();
  default_idle_.push_back(over);
  TimerHandle timer;
  if (timeout) {
    timer = loop_.call_later(*timeout, [over] {
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
    job.leave_turns();  // before its worker, which ends it, may run
    job.abandon();
  }
  for (auto& [executor, load] : loads_) {
    for (Job* waiting : load.waiting) waiting->discard();
    load.waiting.clear();
  }
  if (turns_) turns_->loop_closing();
  end_default_executors(/*wait=*/false);
}

void LoopJobs::end_default_executors(bool wait) noexcept {
  for (const auto& executor : replaced_) executor->shutdown(wait);
  if (default_) default_->shutdown(wait);
}

void let_jobs_end(ThreadPoolExecutor& executor) noexcept {
  EventLoop* const loop = find_running_loop();
  auto* const jobs = loop != nullptr ? loop->find_service<LoopJobs>() : nullptr;
  if (jobs != nullptr) jobs->let_jobs_end(executor);
}

}  // namespace

void Job::take_turns(std::shared_ptr<TurnTaking> turns) {
  party_.emplace(std::move(turns));
  party_->arm_now();
}

void Job::leave_turns() noexcept {
  if (waits_for_turn()) party_->withdraw();
}

bool Job::run_turn() noexcept {
  party_->withdraw();
  party_->turns()->let_run(*party_);
  return ended_;
}

void Job::refused(std::exception_ptr error) noexcept {
  refusal_ = std::move(error);
  get_running_loop().schedule(*this);
}

void Job::work() noexcept {
  Party* const party = party_ ? &*party_ : nullptr;
  const std::shared_ptr<TurnTaking> turns = party_ ? party_->turns() : nullptr;
  if (turns) turns->wait_for_turn(*party);
  {
    const PartyScope scope(party);
    if (!dropped_->load(std::memory_order_relaxed)) call();
  }
  ended_ = true;
  const std::shared_ptr<Mailbox> mailbox = mailbox_;
  if (!mailbox->post(*this)) delete this;
  // The job may be gone. Its turn is named by its address only.
  if (turns) turns->give_back(party);
}

void Job::run() noexcept {
  const std::unique_ptr<Job> ends_here(this);
  get_running_loop().find_service<LoopJobs>()->ended(*this);
  if (future_.done()) return;
  std::exception_ptr error = std::move(refusal_);
  try {
    if (!error) deliver_to(future_);
  } catch (...) {
    error = std::current_exception();  // the result could not be moved
  }
  if (error) future_.state()->finish_failed(std::move(error));
}

void submit_job(EventLoop& loop, std::unique_ptr<Job> job, ThreadPoolExecutor* executor) {
  loop.service<LoopJobs>().submit(std::move(job), executor);
}

void submit_job_when_over(EventLoop& loop, std::unique_ptr<Job> job, SharedEnd& source) {
  loop.service<LoopJobs>().submit_when_over(std::move(job), source);
}

}  // namespace detail

void set_default_executor(EventLoop& loop, std::unique_ptr<ThreadPoolExecutor> executor) {
  loop.check_open();
  loop.service<detail::LoopJobs>().set_default(std::move(executor));
}

Coroutine<void> shutdown_default_executor(std::optional<Duration> timeout) {
  // Made if there was none: it remembers that nothing may be handed over any more.
  co_await get_running_loop().service<detail::LoopJobs>().shut_down_default(timeout);
}

}  // namespace asyncio
