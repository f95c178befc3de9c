#include <asyncio/base/error.hpp>
#include <asyncio/base/posix.hpp>
#include <asyncio/detail/io/descriptor_wait.hpp>
#include <asyncio/detail/loop/loop_core.hpp>
#include <cerrno>
#include <utility>

namespace asyncio::detail {

void DescriptorWait::listen(LoopCore& core) {
  if (!descriptor_->is_open()) throw system_call_error(EBADF, "wait");
  if (descriptor_->has_listener(direction_)) {
    throw RuntimeError("another task waits already for " + describe());
  }
  descriptor_->listen(core.descriptors(), direction_, *this);
  listening_ = true;
}

void DescriptorWait::stop_listening() noexcept {
  if (std::exchange(listening_, false)) descriptor_->unlisten(direction_);
}

void DescriptorWait::await_resume() {
  check_cancelled();
  if (!descriptor_->is_open()) throw system_call_error(EBADF, "wait");
}

std::string DescriptorWait::describe() const {
  return "descriptor " + std::to_string(descriptor_->fd()) +
         (direction_ == Direction::read ? " to become readable" : " to become writable");
}

}  // namespace asyncio::detail
