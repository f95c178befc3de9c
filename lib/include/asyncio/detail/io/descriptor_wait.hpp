#pragma once

#include <asyncio/detail/base/intrusive.hpp>
#include <asyncio/detail/loop/descriptors.hpp>
#include <asyncio/detail/task/awaitable.hpp>
#include <asyncio/detail/task/frame_wait.hpp>
#include <coroutine>
#include <cstdint>
#include <exception>
#include <string>

namespace asyncio::detail {

/// A wait until one direction of a Descriptor is ready. All socket operations build on it.
///
/// Throws:   RuntimeError if another task waits for the same direction; std::system_error (EBADF)
///           if the descriptor is closed.
/// Resumes:  one turn after the turn in which the poller reports the event.
/// Cancel:   stops listening at once, so that another task can start to wait in the same turn.
/// Cost:     no coroutine and no allocation; no system call if the direction is already registered.
class DescriptorWait final : public AwaiterTag, public FrameWait, private ReadyListener {
 public:
  DescriptorWait(const Ref<Descriptor>& descriptor, Direction direction) noexcept
      : descriptor_(descriptor), direction_(direction) {}
  DescriptorWait(const DescriptorWait&) = delete;
  DescriptorWait& operator=(const DescriptorWait&) = delete;
  ~DescriptorWait() { stop_listening(); }

  static bool await_ready() noexcept { return false; }
  template <class Promise>
  void await_suspend(std::coroutine_handle<Promise> leaf) {
    listen(leaf.promise().task()->core());
    suspend(leaf.promise());
  }
  void await_resume();

  bool cancel(const std::exception_ptr& reason) override {
    stop_listening();
    return FrameWait::cancel(reason);
  }
  [[nodiscard]] Kind kind() const noexcept override { return Kind::descriptor; }
  [[nodiscard]] std::uintptr_t identity() const noexcept override {
    return reinterpret_cast<std::uintptr_t>(descriptor_.get());
  }
  [[nodiscard]] std::string describe() const override;

 private:
  void listen(LoopCore& core);
  void stop_listening() noexcept;
  void ready() noexcept override {
    stop_listening();
    wake();
  }

  Ref<Descriptor> descriptor_;
  Direction direction_;
  bool listening_ = false;
};

using DescriptorReady = Awaitable<DescriptorWait, Ref<Descriptor>, Direction>;

}  // namespace asyncio::detail
