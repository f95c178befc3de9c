#pragma once

#include <asyncio/base/error.hpp>
#include <asyncio/loop/handle.hpp>
#include <asyncio/poll/poller.hpp>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <string>
#include <typeinfo>
#include <utility>

namespace asyncio {

namespace detail {

/// Where other threads leave work for a loop, and the poller that wakes it. Shared by the loop
/// and everybody who can post, so it outlives both.
///
/// One atomic word is the whole state: idle, armed (the loop is about to sleep and wants to be
/// woken), closed, or a chain of entries, newest first. Only the thread that finds it armed
/// wakes the loop, so any number of posts to a loop that is awake costs no system call.
class Mailbox {
 public:
  Mailbox(EventLoop& loop, std::unique_ptr<Poller> poller) noexcept
      : loop_(&loop), poller_(std::move(poller)) {}

  /// Leaves `entry` for the loop; false, without touching it, when the loop is closed.
  ///
  /// Thread:   any.
  [[nodiscard]] bool post(Runnable& entry) noexcept;

  [[nodiscard]] Poller& poller() noexcept { return *poller_; }

  /// The loop this belongs to; only to be compared, or used while it is known to live.
  [[nodiscard]] EventLoop* loop() const noexcept { return loop_; }

  [[nodiscard]] bool closed() const noexcept {
    return head_.load(std::memory_order_relaxed) == kClosed;
  }

  // --- How many LoopHandles there are: who could still post ---

  void add_sender() noexcept { senders_.fetch_add(1, std::memory_order_relaxed); }
  /// Wakes the loop when the last one goes, so that it sees that it waits in vain.
  void remove_sender() noexcept;
  [[nodiscard]] bool has_senders() const noexcept {
    return senders_.load(std::memory_order_acquire) != 0;
  }

  // --- The rest is the loop's own ---

  /// Whether drain() would find something. Cost: one load.
  [[nodiscard]] bool has_mail() const noexcept {
    return head_.load(std::memory_order_relaxed) > kClosed;
  }
  /// Announces that the loop will sleep; false if there is mail already.
  [[nodiscard]] bool arm() noexcept;
  /// Moves all that was posted, oldest first, behind what is in `queue`, and returns how much that
  /// is; ends the announcement.
  std::size_t drain(RunQueue& queue) noexcept;
  /// The same with what is left, and refuses posts from now on.
  void close(RunQueue& queue) noexcept;

 private:
  static constexpr std::uintptr_t kIdle = 0;
  static constexpr std::uintptr_t kArmed = 1;
  static constexpr std::uintptr_t kClosed = 2;
  static std::size_t append(RunQueue& queue, std::uintptr_t chain) noexcept;

  std::atomic<std::uintptr_t> head_{kIdle};
  std::atomic<std::uint32_t> senders_{0};
  EventLoop* loop_;
  std::unique_ptr<Poller> poller_;
};

/// Sorts an error that left a callback of the loop that runs.
void posted_callback_failed(std::exception_ptr error) noexcept;

/// A callback for another thread's loop: no handle stands for it, so it is small, which counts
/// where memory passes from one processor to another.
template <class F>
class Post final : public Runnable, public FramePooled {
 public:
  explicit Post(F&& function) : context_(copy_current_context()), function_(std::move(function)) {}

  void run() noexcept override {
    Ref<ContextState> context = std::move(context_);
    const ContextScope scope(context);
    std::exception_ptr error;
    {
      const std::unique_ptr<Post> ends_here(this);
      try {
        function_();
      } catch (...) {
        error = std::current_exception();
      }
    }
    if (error) posted_callback_failed(std::move(error));
  }
  void discard() noexcept override { delete this; }
  [[nodiscard]] std::string describe_step() const override {
    return describe_callback(typeid(typename F::callable));
  }

 private:
  Ref<ContextState> context_;
  F function_;
};

/// Leaves `function(args...)` for the loop, to be called in the turn after it is seen there.
///
/// Throws:   RuntimeError when the loop is closed.
template <class F, class... Args>
void post_callback(Mailbox& mailbox, F&& function, Args&&... args) {
  auto bound = bind_once(std::forward<F>(function), std::forward<Args>(args)...);
  auto post = std::make_unique<Post<decltype(bound)>>(std::move(bound));
  if (!mailbox.post(*post)) throw RuntimeError("Event loop is closed");
  (void)post.release();  // the loop's
}

}  // namespace detail

/// A way for other threads to reach a loop. While one lives, the loop waits for what may come
/// through it; all may outlive the loop.
///
/// Thread:   any.
/// Cost:     a copy is an atomic increment; dropping the last one off the loop's thread wakes it.
/// Python:   no counterpart: there, other threads hold the loop itself.
class LoopHandle {
 public:
  /// @cond detail
  explicit LoopHandle(std::shared_ptr<detail::Mailbox> mailbox) noexcept
      : mailbox_(std::move(mailbox)) {
    mailbox_->add_sender();
  }
  /// @endcond
  /// Reaches the same loop.
  LoopHandle(const LoopHandle& other) noexcept : LoopHandle(other.mailbox_) {}
  /// The same.
  LoopHandle& operator=(const LoopHandle& other) noexcept {
    LoopHandle copy(other);
    std::swap(mailbox_, copy.mailbox_);
    return *this;
  }
  ~LoopHandle() { mailbox_->remove_sender(); }

  /// Runs `function(args...)` on the loop, in the turn after it is seen there.
  ///
  /// Throws:   RuntimeError when the loop is closed.
  /// Cost:     an allocation; one system call if the loop sleeps.
  template <class F, class... Args>
    requires detail::CallableNow<F, Args...>
  void call_soon_threadsafe(F&& function, Args&&... args) const {
    detail::post_callback(*mailbox_, std::forward<F>(function), std::forward<Args>(args)...);
  }

  /// Whether the loop takes nothing any more; it may be so the moment after the answer no.
  [[nodiscard]] bool is_closed() const noexcept { return mailbox_->closed(); }

  /// @cond detail
  [[nodiscard]] const std::shared_ptr<detail::Mailbox>& mailbox() const noexcept {
    return mailbox_;
  }
  /// @endcond

 private:
  std::shared_ptr<detail::Mailbox> mailbox_;
};

}  // namespace asyncio
