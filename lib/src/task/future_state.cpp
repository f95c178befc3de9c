#include <asyncio/base/call_site.hpp>
#include <asyncio/base/error.hpp>
#include <asyncio/detail/task/future_state.hpp>
#include <asyncio/detail/task/task_state.hpp>
#include <asyncio/detail/task/user_callback.hpp>

namespace asyncio::detail {

void FutureBase::report_unretrieved() noexcept {
  EventLoop* const owner = loop();
  if (!unretrieved_ || owner == nullptr) return;
  unretrieved_ = false;
  ExceptionContext context;
  context.message =
      is_task_ ? "Task exception was never retrieved" : "Future exception was never retrieved";
  context.exception = error_;
  if (is_task_) context.task_name = static_cast<TaskBase*>(this)->name();
  context.created_at = call_site(where_);
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
    owner->core().schedule(entry);
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
  CallbackList forgotten = std::move(callbacks_);
  forgotten.discard_all();
}

void FutureBase::schedule_callbacks() noexcept {
  references_ += std::exchange(user_callbacks_, 0);  // one reference for each, until it has run
  CallbackList waking = std::move(callbacks_);
  if (EventLoop* const owner = loop()) {
    owner->core().schedule(std::move(waking));
  } else {
    waking.discard_all();
  }
}

void throw_no_future() {
  throw RuntimeError("the handle stands for no future");
}

std::exception_ptr cancel_reason(const std::string& message) {
  return message.empty() ? nullptr : std::make_exception_ptr(CancelledError(message));
}

}  // namespace asyncio::detail
