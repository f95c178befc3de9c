#include <asyncio/loop/event_loop.hpp>
#include <asyncio/task/generator.hpp>
#include <asyncio/task/task.hpp>
#include <exception>
#include <string>
#include <vector>

namespace asyncio {

namespace detail {

bool GeneratorState::is_over(const char* caller) const {
  if (running_) {
    throw RuntimeError(std::string(caller) + ": asynchronous generator is already running");
  }
  return frame_ == nullptr || closing_;
}

bool GeneratorState::begin_close() noexcept {
  closing_ = true;
  if (begun_) return true;
  destroy_frame();
  return false;
}

bool GeneratorState::resume_in(PromiseBase& parent) {
  TaskBase& task = *parent.task();
  begun_ = true;
  running_ = true;
  at_yield_ = false;
  if (!linked()) link_before(task.loop()->tasks().generators);
  frame_->run_on(task);
  frame_->handle().resume();
  if (at_yield_ || frame_->handle().done()) return false;
  frame_->set_parent(parent);
  return true;
}

void GeneratorState::yielded() noexcept {
  at_yield_ = true;
  frame_->go_on_in_parent();
}

bool GeneratorState::finish_step() {
  running_ = false;
  if (at_yield_) return true;
  const std::exception_ptr error = frame_->take_error();
  destroy_frame();  // its parameters end here, before the awaiting coroutine goes on
  if (error) std::rethrow_exception(error);
  return false;
}

void GeneratorState::destroy_frame() noexcept {
  unlink();
  running_ = false;
  if (PromiseBase* const frame = std::exchange(frame_, nullptr)) frame->handle().destroy();
}

void CloseAwaiter::await_resume() {
  bool yielded = false;
  try {
    yielded = finish_step();
  } catch (const GeneratorExit&) {
    return;
  }
  if (yielded) throw RuntimeError("async generator ignored GeneratorExit");
}

}  // namespace detail

Coroutine<void> shutdown_asyncgens() {
  using Closing = detail::GeneratorAwaitable<void, detail::CloseAwaiter>;
  EventLoop& loop = get_running_loop();
  std::vector<Closing> open;
  detail::ListNode& all = loop.tasks().generators;
  for (detail::ListNode* node = all.next(); node != &all; node = node->next()) {
    auto& generator = static_cast<detail::GeneratorState&>(*node);
    open.emplace_back(detail::Ref<detail::GeneratorState>(&generator));
  }
  // All at the same time, as each may have to wait for something.
  std::vector<Task<void>> tasks;
  tasks.reserve(open.size());
  for (Closing& closing : open) tasks.push_back(create_task(std::move(closing)));
  const AnyTask self = current_task().value();
  const int cancels_before = self.cancelling();
  for (const Task<void>& task : tasks) {
    std::exception_ptr error;
    try {
      co_await task;
    } catch (...) {
      error = std::current_exception();
    }
    if (!error) continue;
    if (self.cancelling() > cancels_before) std::rethrow_exception(error);
    if (task.cancelled()) continue;
    ExceptionContext context;
    context.message = "an error occurred during closing of an asynchronous generator";
    context.exception = error;
    loop.call_exception_handler(context);
  }
}

}  // namespace asyncio
