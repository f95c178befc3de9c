#include <asyncio/task/await_graph.hpp>
#include <asyncio/task/coroutine.hpp>
#include <asyncio/task/task.hpp>
#include <asyncio/task/task_state.hpp>

namespace asyncio {

namespace detail {

void destroy_pending_tasks(EventLoop& loop) noexcept {
  ListNode& all = loop.tasks().all;
  while (all.linked()) {
    auto& task = static_cast<TaskBase&>(*all.next());
    const Ref<TaskBase> keep_alive(&task);
    task.unlink();
    ExceptionContext context;
    context.message = "Task was destroyed but it is pending!";
    context.task_name = task.name();
    context.made = call_site(task.where());
    loop.call_exception_handler(context);
    if (Wait* const wait = std::exchange(task.waiting_on_, nullptr)) wait->forget(task);
    task.discard_callbacks();
    task.destroy_frames();
    task.release();  // the loop's share
  }
  // Generators are their holders'; none is in the midst of a step any more.
  while (loop.tasks().generators.linked()) loop.tasks().generators.next()->unlink();
  ListNode& composites = loop.tasks().composites;
  while (composites.linked()) {
    auto& composite = static_cast<Composite&>(*composites.next());
    composite.unlink();
    composite.break_up();
  }
}

void Composite::register_with(EventLoop& loop) noexcept {
  loop.tasks().destroy_pending = destroy_pending_tasks;
  link_before(loop.tasks().composites);
}

/// The tasks that a cancel() is on its way through, innermost first, each for as long as its
/// part of the call lasts.
class TaskRoster::CancelPath {
 public:
  explicit CancelPath(TaskBase& task) noexcept
      : task_(task), outer_(std::exchange(task.loop()->tasks().cancel_path, this)) {
    task.set(TaskBase::kBeingCancelled);
  }
  CancelPath(const CancelPath&) = delete;
  CancelPath& operator=(const CancelPath&) = delete;
  ~CancelPath() {
    task_.clear(TaskBase::kBeingCancelled);
    task_.loop()->tasks().cancel_path = outer_;
  }

  /// "Task-2 -> Task-3 -> Task-2" for the part of the path that leads from `task` to itself.
  [[nodiscard]] std::string cycle_of(const TaskBase& task) const {
    std::string names = task.name();
    for (const CancelPath* step = this; step != nullptr; step = step->outer_) {
      names = step->task_.name() + " -> " + names;
      if (&step->task_ == &task) break;
    }
    return names;
  }

 private:
  TaskBase& task_;
  CancelPath* outer_;
};

TaskBase::TaskBase(EventLoop& loop, std::source_location where, PromiseBase& root,
                   Ref<ContextState> context) noexcept
    : FutureBase(loop, where, /*is_task=*/true),
      leaf_(&root),
      root_(&root),
      context_(std::move(context)),
      number_(loop.tasks().next_number) {
  root.run_on(*this);
}

void TaskBase::end_unfinished() noexcept {
  destroy_frames();
  const ContextScope scope(context_);
  report_unretrieved();
}

void TaskBase::start(Start how) {
  if (Observer* const observer = loop()->get_observer()) observer->task_created(id(), name());
  TaskRoster& roster = loop()->tasks();
  if (!name_) ++roster.next_number;  // the number it took is used
  roster.destroy_pending = destroy_pending_tasks;
  add_ref();  // the loop's share
  link_before(roster.all);
  if (how == Start::next_turn || !loop()->on_own_thread()) {
    loop()->schedule(*this);
    return;
  }
  run();
  if (done()) return;
  // Listed after the tasks that its first step made, as CPython does.
  unlink();
  link_before(roster.all);
}

bool TaskBase::cancel(const std::exception_ptr& reason) {
  mark_retrieved();
  if (done()) return false;
  if (has(kBeingCancelled)) {
    throw RuntimeError("cancel() runs round a cycle of tasks that await each other: " +
                       loop()->tasks().cancel_path->cycle_of(*this));
  }
  ++cancel_requests_;
  if (waiting_on_ != nullptr) {
    const TaskRoster::CancelPath path(*this);
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
  return name_ ? *name_ : "Task-" + std::to_string(number_);
}

void TaskBase::set_name(std::string name) {
  name_ = std::make_unique<std::string>(std::move(name));
}

/// A cancel has been asked for before the wait began.
void TaskBase::cancel_wait(Wait& wait) {
  try {
    if (wait.cancel(error_)) clear(kMustCancel);
  } catch (...) {
    // It ran round a cycle: the co_await throws that, and nothing waits.
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

inline void TaskBase::step(TaskRoster& roster) noexcept {
  waiting_on_ = nullptr;
  TaskBase* const outer = std::exchange(roster.current, this);
  const bool never_began = (flags_ & (kStarted | kMustCancel)) != kStarted && begins_cancelled();
  if (!never_began) {
    do {
      clear(kGoesOn);
      leaf_->handle().resume();
    } while (has(kGoesOn));
    if (!root_->handle().done()) {
      roster.current = outer;
      return;
    }
    if (!root_->failed()) [[likely]] {
      destroy_frames();  // the end of a parameter may still cancel the task
      roster.current = outer;
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
  end_without_value(roster, outer, never_began);
}

void TaskBase::run() noexcept {
  {
    EventLoop& owner = *loop();
    const ContextScope scope(context_);
    if (Observer* const observer = owner.get_observer()) [[unlikely]] {
      observed_step(*observer);
    } else {
      step(owner.tasks());
    }
  }
  if (!done()) return;
  unlink();
  release();  // the loop's share
}

void TaskBase::observed_step(Observer& observer) noexcept {
  observer.step_began(id(), cancel_is_due());
  step(loop()->tasks());
  if (loop()->get_observer() != &observer) return;  // it has been taken off meanwhile
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

/// Takes over a cancel that nobody has passed on. True: it came before the body began, which then
/// never runs.
bool TaskBase::begins_cancelled() noexcept {
  if (has(kMustCancel)) set(kCancelNow);
  clear(kMustCancel);
  if (has(kStarted)) return false;
  set(kStarted);
  if (!has(kCancelNow)) return false;
  clear(kCancelNow);
  return true;
}

void TaskBase::end_without_value(TaskRoster& roster, TaskBase* outer, bool never_began) noexcept {
  std::exception_ptr error = never_began ? nullptr : root_->take_error();
  destroy_frames();
  roster.current = outer;
  if (never_began) {
    finish_cancelled(std::move(error_));
  } else if (is_cancelled_error(error)) {
    finish_cancelled(std::move(error));
  } else if (is_exit(error)) {
    EventLoop& owner = *loop();
    finish_failed(error);
    owner.leave_with(std::move(error));
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

void check_belongs_to(const AnyFuture& future, const EventLoop& loop) {
  if (future.checked().loop() == &loop) return;
  throw ValueError(
      "The future belongs to a different loop than the one specified as the loop argument");
}

namespace {

/// Lets the loop find, for as long as this lives, that `future` can never be done.
class DeadlockWatch {
 public:
  DeadlockWatch(EventLoop& loop, const AnyFuture& future) : roster_(loop.tasks()) {
    roster_.on_deadlock = [&loop, future] { return report_deadlock(loop, future); };
  }
  DeadlockWatch(const DeadlockWatch&) = delete;
  DeadlockWatch& operator=(const DeadlockWatch&) = delete;
  ~DeadlockWatch() { roster_.on_deadlock = nullptr; }

 private:
  static std::exception_ptr report_deadlock(EventLoop& loop, const AnyFuture& future) {
    const DeadlockError error(
        "deadlock: nothing is left that could wake " + future.state()->describe(),
        describe_waits(loop));
    ExceptionContext context;
    context.message = error.what() + ("\n" + error.report());
    loop.call_exception_handler(context);
    return std::make_exception_ptr(error);
  }

  TaskRoster& roster_;
};

}  // namespace

void run_until_done(EventLoop& loop, const AnyFuture& future, bool own_task) {
  const DeadlockWatch watch(loop, future);
  const auto stop_loop = future.add_done_callback([&loop](const AnyFuture& done) {
    // An exit ends the run by itself.
    if (!done.cancelled() && is_exit(done.state()->error_or_cancel())) return;
    loop.stop();
  });
  try {
    loop.run_forever();
  } catch (...) {
    future.remove_done_callback(stop_loop);
    if (own_task && future.done()) future.state()->mark_retrieved();
    throw;
  }
  future.remove_done_callback(stop_loop);
  if (!future.done()) throw RuntimeError("Event loop stopped before Future completed.");
}

}  // namespace detail

std::optional<AnyTask> current_task() {
  detail::TaskBase* const current = get_running_loop().tasks().current;
  if (current == nullptr) return std::nullopt;
  return AnyTask(detail::Ref<detail::FutureBase>(current));
}

std::vector<AnyTask> all_tasks(EventLoop& loop) {
  std::vector<AnyTask> tasks;
  detail::ListNode& all = loop.tasks().all;
  for (detail::ListNode* node = all.next(); node != &all; node = node->next()) {
    auto& task = static_cast<detail::TaskBase&>(*node);
    tasks.emplace_back(detail::Ref<detail::FutureBase>(&task));
  }
  return tasks;
}

std::vector<AnyTask> all_tasks() {
  return all_tasks(get_running_loop());
}

}  // namespace asyncio
