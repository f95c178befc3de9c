#include <asyncio/detail/loop/loop_core.hpp>
#include <asyncio/detail/loop/running_loop.hpp>
#include <asyncio/detail/thread/job.hpp>
#include <asyncio/detail/thread/loop_jobs.hpp>
#include <utility>

namespace asyncio::detail {

void Job::run_in_virtual_time(std::shared_ptr<VirtualTimeScheduler> scheduler) {
  worker_.emplace(std::move(scheduler));
  worker_->arm_now();
}

void Job::leave_virtual_time() noexcept {
  if (waits_for_turn()) worker_->withdraw();
}

bool Job::run_turn() noexcept {
  worker_->withdraw();
  worker_->scheduler()->let_run(*worker_);
  return ended_;
}

void Job::refused(std::exception_ptr error) noexcept {
  refusal_ = std::move(error);
  running_loop()->schedule(*this);
}

void Job::work() noexcept {
  Worker* const worker = worker_ ? &*worker_ : nullptr;
  const std::shared_ptr<VirtualTimeScheduler> scheduler = worker_ ? worker_->scheduler() : nullptr;
  if (scheduler) scheduler->wait_for_turn(*worker);
  {
    const CurrentWorkerScope scope(worker);
    if (!dropped_->load(std::memory_order_relaxed)) call();
  }
  ended_ = true;
  const std::shared_ptr<Wakeup> wakeup = wakeup_;
  if (!wakeup->posts().post(*this)) delete this;
  // The job may be deleted by now; the address of its worker is only compared.
  if (scheduler) scheduler->give_back(worker);
}

void Job::run() noexcept {
  const std::unique_ptr<Job> ends_here(this);
  running_loop()->find_service<LoopJobs>()->ended(*this);
  if (future_.done()) return;
  std::exception_ptr error = std::move(refusal_);
  try {
    if (!error) deliver_to(future_);
  } catch (...) {
    error = std::current_exception();  // moving the result threw
  }
  if (error) future_.state()->finish_failed(std::move(error));
}

}  // namespace asyncio::detail
