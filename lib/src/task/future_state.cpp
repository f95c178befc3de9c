#include <asyncio/task/future.hpp>
#include <asyncio/task/future_state.hpp>
#include <asyncio/task/task.hpp>

namespace asyncio {

namespace detail {

void FutureBase::report_unretrieved(std::string task_name) noexcept {
  EventLoop* const owner = loop();
  if (!unretrieved_ || owner == nullptr) return;
  unretrieved_ = false;
  ExceptionContext context;
  context.message =
      is_task_ ? "Task exception was never retrieved" : "Future exception was never retrieved";
  context.exception = error_;
  context.task_name = std::move(task_name);
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
  return to_string(AnyFuture(Ref<FutureBase>(const_cast<FutureBase*>(this))));
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
  std::exception_ptr error;
  try {
    call(future);
  } catch (...) {
    error = std::current_exception();
  }
  future = {};
  release();
  if (error) loop->callback_failed(std::move(error));
}

void UserCallback::discard() noexcept {
  if (future_->done()) future_->release();
  release();
}

std::exception_ptr cancel_reason(const std::string& message) {
  return message.empty() ? nullptr : std::make_exception_ptr(CancelledError(message));
}

}  // namespace detail

EventLoop& AnyFuture::get_loop() const {
  EventLoop* const loop = state_->loop();
  if (loop == nullptr) throw RuntimeError("the future's event loop has been destroyed");
  return *loop;
}

std::string to_string(const AnyFuture& future) {
  std::string text = future.is_task() ? "<Task" : "<Future";
  if (future.is_task()) text += " '" + AnyTask(future.state()).get_name() + "'";
  if (!future.done()) {
    text += " pending";
  } else if (future.cancelled()) {
    text += " cancelled";
  } else {
    text += " finished";
  }
  return text + ">";
}

}  // namespace asyncio
