#include <algorithm>
#include <asyncio/base/error.hpp>
#include <asyncio/base/posix.hpp>
#include <asyncio/detail/loop/running_loop.hpp>
#include <asyncio/detail/thread/loop_jobs.hpp>
#include <asyncio/thread/executor.hpp>
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace asyncio {

// The state that the threads share and keep alive. A thread without work waits until it is given an
// item. The thread that became idle last gets the next item, because its stack is still in the
// cache; the item waits for that thread to wake up, even if another thread becomes free first.
class ThreadPoolExecutor::Pool {
 public:
  explicit Pool(std::size_t max_workers) noexcept : max_threads_(max_workers) {}

  [[nodiscard]] std::size_t max_workers() const noexcept { return max_threads_; }

  void submit(const std::shared_ptr<Pool>& self, detail::WorkItem& item) {
    PoolThread* idle = nullptr;
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) throw RuntimeError("cannot schedule new futures after shutdown");
      if (idle_ != nullptr) {
        idle = &give_to_idle(&item);
      } else {
        queue_.push_back(&item);
        if (pool_threads_.size() < max_threads_) start_thread(self);
      }
    }
    if (idle != nullptr) idle->told.notify_one();  // unlocked, so that the thread can lock at once
  }

  // Accepts no more work and returns the threads, which the caller must join or detach.
  std::vector<std::thread> stop() noexcept {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    while (idle_ != nullptr) give_to_idle(nullptr).told.notify_one();
    return std::move(threads_);
  }

 private:
  struct PoolThread {
    std::condition_variable told;
    bool idle = false;
    detail::WorkItem* item = nullptr;  // null means that no more work will come
    PoolThread* next_idle = nullptr;
  };

  // Gives `item` to an idle thread and returns the thread, which the caller must notify.
  //
  // REQUIRES: the mutex is held, and a thread is idle.
  PoolThread& give_to_idle(detail::WorkItem* item) noexcept {
    PoolThread& thread = *idle_;
    idle_ = thread.next_idle;
    thread.idle = false;
    thread.item = item;
    return thread;
  }

  void start_thread(const std::shared_ptr<Pool>& self) {
    std::exception_ptr error;
    try {
      PoolThread& thread = pool_threads_.emplace_back();
      threads_.emplace_back([self, &thread] { self->serve(thread); });
      return;
    } catch (const std::system_error& refused) {  // says only "Resource temporarily unavailable"
      const std::system_error named(refused.code(), "cannot start a thread");
      error = std::make_exception_ptr(named);
    } catch (...) {
      error = std::current_exception();
    }
    if (pool_threads_.size() > threads_.size()) pool_threads_.pop_back();
    if (!threads_.empty()) return;  // the existing threads will do the work
    queue_.pop_back();
    std::rethrow_exception(std::move(error));
  }

  void serve(PoolThread& thread) {
    reset_timer_slack();
    while (detail::WorkItem* const item = next_item(thread)) item->work();
  }

  detail::WorkItem* next_item(PoolThread& thread) {
    std::unique_lock lock(mutex_);
    if (!queue_.empty()) {
      detail::WorkItem* const item = queue_.front();
      queue_.pop_front();
      return item;
    }
    if (stopping_) return nullptr;
    thread.idle = true;
    thread.next_idle = std::exchange(idle_, &thread);
    thread.told.wait(lock, [&thread] { return !thread.idle; });
    return thread.item;
  }

  const std::size_t max_threads_;
  std::mutex mutex_;
  std::deque<detail::WorkItem*> queue_;  // empty while a thread is idle
  std::deque<PoolThread> pool_threads_;
  std::vector<std::thread> threads_;
  PoolThread* idle_ = nullptr;  // most recently idle first
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
  if (wait) finish_jobs_in_virtual_time();
  for (std::thread& thread : pool_->stop()) {
    if (wait && thread.get_id() != std::this_thread::get_id()) {
      thread.join();
    } else {
      thread.detach();
    }
  }
}

void ThreadPoolExecutor::finish_jobs_in_virtual_time() noexcept {
  detail::LoopCore* const core = detail::running_loop();
  auto* const jobs = core != nullptr ? core->find_service<detail::LoopJobs>() : nullptr;
  if (jobs != nullptr) jobs->finish_jobs_of(*this);
}

void ThreadPoolExecutor::submit(detail::WorkItem& item) {
  const std::shared_ptr<Pool> pool = pool_;  // the item may destroy this executor
  pool->submit(pool, item);
}

void set_default_executor(EventLoop& loop, std::unique_ptr<ThreadPoolExecutor> executor) {
  loop.core().check_open();
  loop.core().service<detail::LoopJobs>().set_default(std::move(executor));
}

Coroutine<void> shutdown_default_executor(std::optional<Duration> timeout) {
  // Creates the service if there is none: it remembers that the loop accepts no more work.
  co_await get_running_loop().core().service<detail::LoopJobs>().shut_down_default(timeout);
}

}  // namespace asyncio
