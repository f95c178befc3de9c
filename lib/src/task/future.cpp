#include <asyncio/base/call_site.hpp>
#include <asyncio/base/error.hpp>
#include <asyncio/detail/task/task_state.hpp>
#include <asyncio/task/future.hpp>

namespace asyncio {

EventLoop& AnyFuture::get_loop() const {
  EventLoop* const loop = checked().loop();
  if (loop == nullptr) throw RuntimeError("the future's event loop has been destroyed");
  return *loop;
}

std::string AnyFuture::describe(const std::string& result) const {
  if (!valid()) return "<no future>";
  const auto* const task = is_task() ? static_cast<const detail::TaskBase*>(state_.get()) : nullptr;
  std::string text = task != nullptr ? "<Task '" + task->name() + "'" : "<Future";
  if (!done()) {
    text += task != nullptr && task->cancelling() > 0 ? " cancelling" : " pending";
    if (task != nullptr) text += task->describe_progress();
  } else if (cancelled()) {
    text += " cancelled";
  } else if (state_->state() == detail::FutureBase::State::failed) {
    text += " finished exception=" + asyncio::describe(state_->peek_error());
  } else {
    text += " finished" + (result.empty() ? "" : " result=" + result);
  }
  const std::uint32_t callbacks = state_->user_callbacks();
  if (callbacks > 0) text += " callbacks=" + std::to_string(callbacks);
  const std::string made = to_string(call_site(state_->where()));
  if (!made.empty()) text += " made in " + made;
  return text + ">";
}

std::string to_string(const AnyFuture& future) {
  return future.describe();
}

}  // namespace asyncio
