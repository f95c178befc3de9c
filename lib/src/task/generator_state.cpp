#include <asyncio/base/error.hpp>
#include <asyncio/detail/task/generator_state.hpp>
#include <exception>
#include <string>
#include <utility>

namespace asyncio::detail {

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
  if (!linked()) link_before(task.core().tasks().generators);
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
  destroy_frame();  // destroys its parameters before the awaiting coroutine continues
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

}  // namespace asyncio::detail
