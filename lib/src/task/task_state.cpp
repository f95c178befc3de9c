#include <algorithm>
#include <asyncio/base/call_site.hpp>
#include <asyncio/base/error.hpp>
#include <asyncio/detail/task/aggregate_future.hpp>
#include <asyncio/detail/task/cancel_path.hpp>
#include <asyncio/detail/task/promise.hpp>
#include <asyncio/detail/task/task_state.hpp>
#include <ostream>

namespace asyncio::detail {

void destroy_pending_tasks(EventLoop& loop) noexcept {
  ListNode& all = loop.core().tasks().all;
  while (all.linked()) {
    auto& task = static_cast<TaskBase&>(*all.next());
    const Ref<TaskBase> keep_alive(&task);
    task.unlink();
    ExceptionContext context;
    context.message = "Task was destroyed but it is pending!";
    context.task_name = task.name();
    context.created_at = call_site(task.where());
    loop.call_exception_handler(context);
    if (Wait* const wait = std::exchange(task.waiting_on_, nullptr)) wait->forget(task);
    task.discard_callbacks();
    task.destroy_frames();
    task.release();  // the loop's reference
  }
  // Generators belong to their handles, and none is in the middle of a step by now.
  while (loop.core().tasks().generators.linked()) loop.core().tasks().generators.next()->unlink();
  ListNode& aggregates = loop.core().tasks().aggregates;
  while (aggregates.linked()) {
    auto& aggregate = static_cast<AggregateFuture&>(*aggregates.next());
    aggregate.unlink();
    aggregate.break_up();
  }
}

TaskBase::TaskBase(EventLoop& loop, std::source_location where, PromiseBase& root,
                   Ref<ContextState> context) noexcept
    : FutureBase(loop, where, /*is_task=*/true),
      leaf_(&root),
      root_(&root),
      core_(loop.core()),
      context_(std::move(context)),
      number_(core_.tasks().next_number) {
  root.run_on(*this);
}

void TaskBase::end_unfinished() noexcept {
  destroy_frames();
  const ContextScope scope(context_);
  report_unretrieved();
}

void TaskBase::start(Start how) {
  if (Observer* const observer = core_.observer()) observer->task_created(id(), name());
  TaskRegistry& registry = core_.tasks();
  if (!has(kNamed)) ++registry.next_number;
  registry.destroy_pending = destroy_pending_tasks;
  add_ref();  // the loop's reference
  link_before(registry.all);
  if (how == Start::next_turn || !core_.runs_here()) {
    core_.schedule(*this);
    return;
  }
  run();
  if (done()) return;
  // The task is listed after those that its first step created, as in CPython.
  unlink();
  link_before(registry.all);
}

bool TaskBase::cancel(const std::exception_ptr& reason) {
  mark_retrieved();
  if (done()) return false;
  if (has(kBeingCancelled)) {
    throw RuntimeError("cancel() runs round a cycle of tasks that await each other: " +
                       core_.tasks().cancel_path->cycle_of(*this));
  }
  ++cancel_requests_;
  if (waiting_on_ != nullptr) {
    const CancelPath path(*this);
    if (waiting_on_->cancel(reason)) return true;
  }
  set(kMustCancel);
  error_ = reason;
  return true;
}

std::uint32_t TaskBase::uncancel() noexcept {
  if (cancel_requests_ == 0) return 0;
  --cancel_requests_;
  if (cancel_requests_ == 0) clear(kMustCancel);
  return cancel_requests_;
}

std::string TaskBase::name() const {
  return has(kNamed) ? *name_ : "Task-" + std::to_string(number_);
}

void TaskBase::set_name(std::string name) {
  if (has(kNamed)) {
    *name_ = std::move(name);
  } else {
    name_ = new std::string(std::move(name));
    set(kNamed);
  }
}

/// Passes on a cancel that was requested before the wait began.
void TaskBase::cancel_wait(Wait& wait) {
  try {
    if (wait.cancel(error_)) clear(kMustCancel);
  } catch (...) {
    // The tasks await each other in a cycle: throw from the co_await and do not suspend.
    waiting_on_ = nullptr;
    wait.forget(*this);
    throw;
  }
}

AwaitMisuse TaskBase::wait_for_future(FutureBase& future, PromiseBase& leaf) {
  const bool itself = &future == this;
  if (itself || future.loop() != loop()) {
    yield(leaf);
    return itself ? AwaitMisuse::awaits_itself : AwaitMisuse::other_loop;
  }
  future.add_callback(static_cast<Runnable&>(*this));
  wait_for(future, leaf);
  return AwaitMisuse::none;
}

void TaskBase::wake_cancelled(const std::exception_ptr& reason) noexcept {
  set(kCancelNow);
  error_ = reason;
  wake();
}

void TaskBase::throw_cancelled() {
  clear(kCancelNow);
  if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
  throw CancelledError();
}

inline void TaskBase::step(TaskRegistry& registry) noexcept {
  waiting_on_ = nullptr;
  TaskBase* const outer = std::exchange(registry.current, this);
  const bool never_began =
      (task_flags_ & (kStarted | kMustCancel)) != kStarted && begins_cancelled();
  if (!never_began) {
    leaf_->handle().resume();
    while (has(kGoesOn)) {
      clear(kGoesOn);
      leaf_->handle().resume();
    }
    if (!root_->handle().done()) {
      registry.current = outer;
      return;
    }
    if (!root_->failed()) [[likely]] {
      destroy_frames();  // the destructor of a parameter may still cancel the task
      registry.current = outer;
      if (!has(kMustCancel)) {
        finish_with_value();
      } else {  // cancelled in its last step
        clear(kMustCancel);
        destroy_value();
        finish_cancelled(std::move(error_));
      }
      return;
    }
  }
  end_without_value(registry, outer, never_began);
}

void TaskBase::run() noexcept {
  {
    const ContextScope scope(context_);
    if (Observer* const observer = core_.observer()) [[unlikely]] {
      observed_step(*observer);
    } else {
      step(core_.tasks());
    }
  }
  if (!done()) return;
  unlink();
  release();  // the loop's reference
}

void TaskBase::observed_step(Observer& observer) noexcept {
  observer.step_began(id(), cancel_is_due());
  step(core_.tasks());
  if (core_.observer() != &observer) return;  // it has been removed meanwhile
  switch (state()) {
    case State::pending:
      observer.step_ended(id(), waiting_on_);
      break;
    case State::has_value:
      observer.task_done(id(), Observer::Outcome::value);
      break;
    case State::failed:
      observer.task_done(id(), Observer::Outcome::failed);
      break;
    case State::cancelled:
      observer.task_done(id(), Observer::Outcome::cancelled);
      break;
  }
}

/// Takes over a cancel that has not been passed on. Returns true if the cancel came before the body
/// began, which then never runs.
bool TaskBase::begins_cancelled() noexcept {
  if (has(kMustCancel)) set(kCancelNow);
  clear(kMustCancel);
  if (has(kStarted)) return false;
  set(kStarted);
  if (!has(kCancelNow)) return false;
  clear(kCancelNow);
  return true;
}

void TaskBase::end_without_value(TaskRegistry& registry, TaskBase* outer,
                                 bool never_began) noexcept {
  std::exception_ptr error = never_began ? nullptr : root_->take_error();
  destroy_frames();
  registry.current = outer;
  if (never_began) {
    finish_cancelled(std::move(error_));
  } else if (is_cancelled_error(error)) {
    finish_cancelled(std::move(error));
  } else if (is_exit(error)) {
    LoopCore& core = core_;
    finish_failed(error);
    core.leave_with(std::move(error));
  } else {
    finish_failed(std::move(error));
  }
}

void TaskBase::destroy_frames() noexcept {
  if (PromiseBase* const root = std::exchange(root_, nullptr)) root->handle().destroy();
}

void throw_await_misuse(AwaitMisuse misuse, const TaskBase& task) {
  throw RuntimeError(misuse == AwaitMisuse::awaits_itself
                         ? "Task cannot await on itself: " + task.name()
                         : task.name() + " got a future attached to a different loop");
}

Context TaskBase::context() {
  if (!context_) context_ = Ref<ContextState>(new ContextState);
  return Context(context_);
}

std::vector<CallSite> TaskBase::stack() const {
  std::vector<CallSite> sites;
  if (root_ == nullptr) return sites;  // done, or destroyed by the closing loop
  for (const PromiseBase* promise = leaf_; promise != nullptr; promise = promise->parent()) {
    sites.push_back(call_site(promise->where()));
  }
  std::reverse(sites.begin(), sites.end());
  return sites;
}

std::string TaskBase::describe_progress() const {
  if (root_ == nullptr) return {};
  std::string text = " in " + to_string(call_site(leaf_->where()));
  if (loop() != nullptr && loop()->core().tasks().current == this) {
    text += " running";
  } else if (waiting_on_ != nullptr) {
    text += " waits for " + waiting_on_->describe();
  }
  return text;
}

std::string TaskBase::describe_step() const {
  return name() + (has(kStarted) ? " from " : " in ") + to_string(call_site(leaf_->where()));
}

void TaskBase::print_stack(std::ostream& out) const {
  const std::vector<CallSite> stack = this->stack();
  if (stack.empty()) {
    out << "No stack for " << name() << "\n";
    return;
  }
  out << "Stack for " << name() << " (most recent call last):\n";
  for (const CallSite& site : stack) out << "  " << to_string(site) << "\n";
}

}  // namespace asyncio::detail
