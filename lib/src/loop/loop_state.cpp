#include <unistd.h>

#include <asyncio/base/error.hpp>
#include <asyncio/detail/loop/loop_state.hpp>

namespace asyncio::detail {

LoopState::LoopState(const LoopCore& core) noexcept : core_(core), process_(::getpid()) {}

bool LoopState::is_of_this_process() const noexcept {
  return process_ == ::getpid();
}

void LoopState::check_guarded() const {
  if (closed_) throw RuntimeError("Event loop is closed");
  if (!is_of_this_process()) {
    throw RuntimeError("the event loop belongs to another process, which forked this one");
  }
  if (running_ && running_loop() != &core_) {
    throw RuntimeError(
        "Non-thread-safe operation invoked on an event loop other than the current one");
  }
}

void LoopState::check_runnable() const {
  check_open();
  if (running_) throw RuntimeError("This event loop is already running");
  if (running_loop() != nullptr) {
    throw RuntimeError("Cannot run the event loop while another loop is running");
  }
}

}  // namespace asyncio::detail
