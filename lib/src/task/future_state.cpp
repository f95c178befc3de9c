#include <asyncio/task/future.hpp>
#include <asyncio/task/future_state.hpp>
#include <asyncio/task/task.hpp>

namespace asyncio {

namespace detail {

void FutureBase::report_unretrieved() noexcept {
  EventLoop* const owner = loop();
  if (!unretrieved_ || owner == nullptr) return;
  unretrieved_ = false;
  ExceptionContext context;
  context.message =
      is_task_ ? "Task exception was never retrieved" : "Future exception was never retrieved";
  context.exception = error_;
  if (is_task_) context.task_name = static_cast<TaskBase*>(this)->name();
  context.made = call_site(where_);
  owner->call_exception_handler(context);
}

bool FutureBase::cancel(const std::exception_ptr& reason) {
  unretrieved_ = false;
  if (done()) return false;
  finish_cancelled(reason);
  return true;
}

void FutureBase::forget(TaskBase& task) noexcept {
  (void)callbacks_.remove(task);  // it may be in the ready queue already
}

std::string FutureBase::describe() const {
  const std::string made = to_string(call_site(where_));
  return made.empty() ? "a future" : "a future made in " + made;
}

void FutureBase::throw_error() {
  if (!done()) throw InvalidStateError("Result is not set.");
  std::rethrow_exception(error_or_cancel());
}

std::exception_ptr FutureBase::exception() {
  if (!done()) throw InvalidStateError("Exception is not set.");
  if (state_ == State::cancelled) std::rethrow_exception(error_or_cancel());
  return error_or_cancel();
}

std::exception_ptr FutureBase::error_or_cancel() {
  unretrieved_ = false;
  if (state_ == State::cancelled && !error_) return std::make_exception_ptr(CancelledError());
  return error_;
}

void FutureBase::check_settable() const {
  if (is_task_) throw RuntimeError("Task does not support set_result operation");
  if (done()) throw InvalidStateError("invalid state");
}

void FutureBase::add_callback(Runnable& entry) noexcept {
  if (!done()) {
    callbacks_.push_back(entry);
  } else if (EventLoop* const owner = loop()) {
    owner->schedule(entry);
  } else {
    entry.discard();
  }
}

void FutureBase::add_callback(UserCallback& callback) noexcept {
  callback.add_ref();
  if (done()) {
    add_ref();
  } else {
    ++user_callbacks_;
  }
  add_callback(static_cast<Runnable&>(callback));
}

bool FutureBase::remove_callback(UserCallback& callback) noexcept {
  if (!callbacks_.remove(callback)) return false;
  --user_callbacks_;
  callback.release();
  return true;
}

void FutureBase::discard_callbacks() noexcept {
  user_callbacks_ = 0;
  RunList forgotten = std::move(callbacks_);
  forgotten.discard_all();
}

void FutureBase::schedule_callbacks() noexcept {
  references_ += std::exchange(user_callbacks_, 0);  // a share for each, until it has run
  RunList waking = std::move(callbacks_);
  if (EventLoop* const owner = loop()) {
    owner->schedule(std::move(waking));
  } else {
    waking.discard_all();
  }
}

void UserCallback::run() noexcept {
  Ref<FutureBase> future(future_);
  future_->release();  // the share it got at the future's end; `future` holds another
  EventLoop* const loop = future->loop();
  {
    const ContextScope scope(context_);
    std::exception_ptr error;
    try {
      call(future);
    } catch (...) {
      error = std::current_exception();
    }
    future = {};
    if (error) loop->callback_failed(std::move(error));
  }
  release();
}

void UserCallback::discard() noexcept {
  if (future_->done()) future_->release();
  release();
}

void throw_no_future() {
  throw RuntimeError("the handle stands for no future");
}

void WaitText::add(const FutureBase& future) {
  if (future.done()) return;
  text_ += first_ ? " " : ", ";
  first_ = false;
  text_ += future.describe();
}

std::exception_ptr cancel_reason(const std::string& message) {
  return message.empty() ? nullptr : std::make_exception_ptr(CancelledError(message));
}

}  // namespace detail

EventLoop& AnyFuture::get_loop() const {
  EventLoop* const loop = checked().loop();
  if (loop == nullptr) throw RuntimeError("the future's event loop has been destroyed");
  return *loop;
}

std::string detail::describe_future(const AnyFuture& future, const std::string& result) {
  if (!future.valid()) return "<no future>";
  const FutureBase& state = *future.state();
  std::string text = "<Future";
  if (state.is_task()) text = "<Task '" + static_cast<const TaskBase&>(state).name() + "'";
  if (!future.done()) {
    const bool cancelling = state.is_task() && static_cast<const TaskBase&>(state).cancelling() > 0;
    text += cancelling ? " cancelling" : " pending";
    if (state.is_task()) text += static_cast<const TaskBase&>(state).describe_progress();
  } else if (future.cancelled()) {
    text += " cancelled";
  } else if (state.state() == FutureBase::State::failed) {
    text += " finished exception=" + asyncio::describe(state.peek_error());
  } else {
    text += " finished" + (result.empty() ? "" : " result=" + result);
  }
  if (state.user_callbacks() > 0) text += " callbacks=" + std::to_string(state.user_callbacks());
  const std::string made = to_string(call_site(state.where()));
  if (!made.empty()) text += " made in " + made;
  return text + ">";
}

std::string to_string(const AnyFuture& future) {
  return detail::describe_future(future, {});
}

}  // namespace asyncio
