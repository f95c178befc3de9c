#include <asyncio/base/error.hpp>
#include <asyncio/base/exception_group.hpp>
#include <asyncio/combine/task_group.hpp>
#include <asyncio/detail/task/frame_wait.hpp>
#include <asyncio/detail/task/wait_description.hpp>

namespace asyncio {

/// The wait at the end of run() for the remaining children.
class TaskGroup::ExitWaiter final : public detail::FrameWait {
 public:
  explicit ExitWaiter(TaskGroup& group) noexcept : group_(group) { group_.at_exit_ = this; }
  ~ExitWaiter() { group_.at_exit_ = nullptr; }

  [[nodiscard]] std::string describe() const override {
    detail::WaitDescription text("TaskGroup of");
    group_.for_each_child([&text](const Child& child) { text.add(child.future()); });
    return text.take();
  }

 private:
  TaskGroup& group_;
};

template <class Function>
void TaskGroup::for_each_child(Function function) const {
  for (detail::ListNode* node = children_.next(); node != &children_; node = node->next()) {
    function(static_cast<Child&>(*node));
  }
}

TaskGroup::~TaskGroup() {
  // A closed loop has ended the children; then it may be gone as well.
  bool any_runs = false;
  for_each_child([&any_runs](const Child& child) { any_runs = any_runs || child.is_listening(); });
  if (any_runs && !aborting_ && !loop_->is_closed()) abort();
  while (has_children()) drop(first_child());
}

void TaskGroup::drop(Child& child) noexcept {
  child.unlink();
  detail::DoneLink::drop(&child);
}

void TaskGroup::enter() {
  if (state_ != State::created) {
    throw RuntimeError(to_string(*this) + " has already been entered");
  }
  loop_ = &get_running_loop();
  parent_ = current_task();
  if (!parent_) throw RuntimeError(to_string(*this) + " cannot determine the parent task");
  state_ = State::entered;
  if (cancel_on_enter_) cancel();
}

Coroutine<void> TaskGroup::exit(std::exception_ptr error) {
  state_ = State::exiting;
  if (is_exit(error) && !exit_) exit_ = error;
  std::exception_ptr cancelled;  // the CancelledError to throw, unless the group caused it
  if (is_cancelled_error(error)) cancelled = error;
  if (error && !aborting_) abort();

  // The wait can be cancelled more than once: by the group itself, and then from outside.
  while (has_children()) {
    ExitWaiter waiter(*this);
    std::exception_ptr interruption;
    try {
      co_await waiter.until_woken();
    } catch (const CancelledError&) {
      interruption = std::current_exception();
    }
    if (interruption && !aborting_) {
      cancelled = interruption;
      abort();
    }
  }

  if (exit_) std::rethrow_exception(exit_);
  // If no other cancel request is left, the group itself caused the CancelledError.
  if (parent_cancel_requested_ && parent_->uncancel() == 0) cancelled = nullptr;
  throw_errors(error, cancelled);
}

void TaskGroup::throw_errors(const std::exception_ptr& error, const std::exception_ptr& cancelled) {
  if (cancelled && errors_.empty()) std::rethrow_exception(cancelled);
  if (error && !is_cancelled_error(error)) errors_.push_back(error);
  if (errors_.empty()) return;
  if (parent_->cancelling() > 0) {
    // The ExceptionGroup hides a cancel from outside, so cancel the parent again.
    parent_->uncancel();
    parent_->cancel();
  }
  throw ExceptionGroup("unhandled errors in a TaskGroup", std::exchange(errors_, {}));
}

/// Returns why the group accepts no more children; empty if it does accept them.
std::string TaskGroup::refusal() const {
  if (state_ == State::created) return to_string(*this) + " has not been entered";
  if (state_ == State::exiting && !has_children()) return to_string(*this) + " is finished";
  if (aborting_) return to_string(*this) + " is shutting down";
  return {};
}

void TaskGroup::add(std::unique_ptr<Child> child, const detail::Ref<detail::FutureBase>& task) {
  if (task->done()) {  // it ended in its eager first step
    child_ended(*task);
    return;
  }
  child->link_before(children_);
  child->set_future(task);
  child.release()->listen(*this);
}

void TaskGroup::future_done(detail::DoneLink& link) noexcept {
  const detail::Ref<detail::FutureBase> task = link.take_future();
  drop(static_cast<Child&>(link));
  child_ended(*task);
}

void TaskGroup::child_ended(detail::FutureBase& task) {
  if (at_exit_ != nullptr && !has_children()) at_exit_->wake();
  if (task.state() != detail::FutureBase::State::failed) return;
  const std::exception_ptr error = task.error_or_cancel();
  errors_.push_back(error);
  if (!exit_ && is_exit(error)) exit_ = error;
  if (parent_->done()) {
    ExceptionContext context;
    context.message = "a child of a TaskGroup has failed after the end of its parent task";
    context.exception = error;
    context.task_name = static_cast<detail::TaskBase&>(task).name();
    loop_->call_exception_handler(context);
  } else if (!aborting_ && !parent_cancel_requested_) {
    abort_with_parent();
  }
}

void TaskGroup::cancel() {
  if (state_ == State::created) {
    cancel_on_enter_ = true;
  } else if (!aborting_ && (state_ == State::entered || has_children())) {
    abort_with_parent();
  }
}

void TaskGroup::abort_with_parent() {
  abort();
  // Interrupts the body, or the wait of run() for the children. exit() takes the request back.
  parent_cancel_requested_ = true;
  cancel_or_report(*parent_->state());
}

void TaskGroup::abort() {
  aborting_ = true;
  for_each_child([this](const Child& child) {
    if (!child.future().done()) cancel_or_report(child.future());
  });
}

void TaskGroup::cancel_or_report(detail::FutureBase& task) {
  try {
    task.cancel(nullptr);
  } catch (...) {  // the tasks await each other in a cycle
    loop_->core().callback_failed(std::current_exception());
  }
}

std::string to_string(const TaskGroup& group) {
  std::string text = "<TaskGroup";
  std::size_t tasks = 0;
  group.for_each_child([&tasks](const TaskGroup::Child&) { ++tasks; });
  if (tasks > 0) text += " tasks=" + std::to_string(tasks);
  if (!group.errors_.empty()) text += " errors=" + std::to_string(group.errors_.size());
  if (group.aborting_) {
    text += " cancelling";
  } else if (group.state_ != TaskGroup::State::created) {
    text += " entered";
  }
  return text + ">";
}

}  // namespace asyncio
