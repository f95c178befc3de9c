#pragma once

#include <asyncio/detail/base/frame_pool.hpp>
#include <asyncio/detail/base/intrusive.hpp>
#include <asyncio/detail/loop/weak_loop_ref.hpp>
#include <asyncio/detail/task/promise.hpp>
#include <asyncio/detail/task/task_state.hpp>
#include <asyncio/detail/task/waiter.hpp>
#include <asyncio/loop/event_loop.hpp>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <string>
#include <string_view>

namespace asyncio::detail {

/// The base of the states of primitives. It counts its owners for Ref: the primitive, the waiters
/// and the guards. So a primitive may end before its waiters do: for instance a lock in main's
/// frame, when run() cancels the tasks that main has left behind.
template <class State>
class Shared : public FramePooled {
 public:
  void add_ref() noexcept { ++references_; }
  void release() noexcept {
    if (--references_ == 0) delete static_cast<State*>(this);
  }

 private:
  friend State;
  Shared() = default;
  Shared(const Shared&) = delete;
  Shared& operator=(const Shared&) = delete;
  ~Shared() = default;

  std::uint32_t references_ = 0;
};

/// Throws the RuntimeError for a wait on a second loop. `primitive` is the primitive in text form.
[[noreturn]] void throw_bound_elsewhere(const std::string& primitive);

/// The loop of a primitive, which is the loop of its first wait. A wait on another loop is an
/// error.
class LoopBinding {
 public:
  /// Binds `primitive` to `loop` if it has no loop yet.
  ///
  /// Throws:   RuntimeError, naming `primitive`, if it is bound to another loop.
  template <class State>
  void check(LoopCore& loop, const State& primitive) {
    if (!loop_ref_) loop_ref_ = loop.weak_ref();
    if (loop_ref_.get() != loop.weak_ref().get()) throw_bound_elsewhere(primitive.text());
  }

  /// Suspends `leaf` at the end of `queue` to wait for `primitive`.
  ///
  /// Throws:   like check().
  template <class State, class Queue>
  void wait_in(Queue& queue, Waiter& waiter, PromiseBase& leaf, const State& primitive) {
    check(leaf.task()->core(), primitive);
    queue.push_back(waiter);
    waiter.suspend(leaf);
  }

 private:
  Ref<WeakLoopRef> loop_ref_;
};

/// Reports a guard that found nothing to release. The report goes to the exception handler of the
/// running loop, if there is one.
void report_failed_release(std::exception_ptr error) noexcept;

/// Formats a state: "<Lock [locked, waiters:2]>".
[[nodiscard]] std::string print_state(std::string_view name, std::string_view state,
                                      std::size_t waiters);

}  // namespace asyncio::detail
