#pragma once

#include <asyncio/base/error.hpp>
#include <asyncio/detail/base/context_state.hpp>
#include <asyncio/detail/base/frame_pool.hpp>
#include <asyncio/detail/base/intrusive.hpp>
#include <asyncio/detail/loop/callback.hpp>
#include <asyncio/detail/loop/runnable.hpp>
#include <asyncio/poll/poller.hpp>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <string>
#include <utility>

namespace asyncio {
class EventLoop;
}

namespace asyncio::detail {

/// A queue in which other threads leave work for a loop.
///
/// Its whole state is one atomic word: idle, armed (the loop is about to sleep and wants to be
/// woken), closed, or a chain of entries, newest first. Only a post to an armed queue wakes the
/// loop, so posts to a loop that is awake cost no system call.
class PostQueue {
 public:
  /// Creates an empty queue. A post that finds the loop asleep wakes `poller`.
  explicit PostQueue(Poller& poller) noexcept : poller_(poller) {}
  PostQueue(const PostQueue&) = delete;
  PostQueue& operator=(const PostQueue&) = delete;

  /// Leaves `entry` for the loop. If the loop is closed, returns false and leaves `entry`
  /// untouched.
  ///
  /// Thread:   any.
  [[nodiscard]] bool post(Runnable& entry) noexcept;

  [[nodiscard]] bool closed() const noexcept {
    return head_.load(std::memory_order_relaxed) == kClosed;
  }

  // --- For the loop only ---

  /// Returns whether drain() would find nothing. Costs one load.
  [[nodiscard]] bool empty() const noexcept {
    return head_.load(std::memory_order_relaxed) <= kClosed;
  }
  /// Announces that the loop is about to sleep. Returns false if posts have already arrived.
  [[nodiscard]] bool arm() noexcept;
  /// Moves all posts to the end of `queue`, oldest first, and returns their number. Withdraws the
  /// announcement of arm().
  std::size_t drain(ReadyQueue& queue) noexcept;
  /// Does what drain() does, and refuses posts from now on.
  void close(ReadyQueue& queue) noexcept;

 private:
  static constexpr std::uintptr_t kIdle = 0;
  static constexpr std::uintptr_t kArmed = 1;
  static constexpr std::uintptr_t kClosed = 2;
  static std::size_t append(ReadyQueue& queue, std::uintptr_t chain) noexcept;

  std::atomic<std::uintptr_t> head_{kIdle};
  Poller& poller_;
};

/// The part of a loop that other threads use: its poller, its PostQueue, and the number of its
/// LoopHandles. The loop shares it with each thread that can post. So it outlives them all, and a
/// late wake-up finds its descriptor open.
class Wakeup {
 public:
  Wakeup(EventLoop& loop, std::unique_ptr<Poller> poller) noexcept
      : loop_(&loop), poller_(std::move(poller)) {}

  [[nodiscard]] Poller& poller() noexcept { return *poller_; }
  [[nodiscard]] PostQueue& posts() noexcept { return posts_; }

  /// Returns the loop. Only compare the pointer, unless the loop is known to exist.
  [[nodiscard]] EventLoop* loop() const noexcept { return loop_; }

  // --- LoopHandles, which can still post ---

  void add_sender() noexcept { senders_.fetch_add(1, std::memory_order_relaxed); }
  /// Removes a LoopHandle. The last one wakes the loop, so that it can report a deadlock.
  void remove_sender() noexcept;
  [[nodiscard]] bool has_senders() const noexcept {
    return senders_.load(std::memory_order_acquire) != 0;
  }

 private:
  std::atomic<std::uint32_t> senders_{0};
  EventLoop* loop_;
  std::unique_ptr<Poller> poller_;
  PostQueue posts_{*poller_};
};

/// Handles an error that left a posted callback, on the thread of the running loop.
void posted_callback_failed(std::exception_ptr error) noexcept;

/// A callback for another thread's loop. It has no Handle and so stays small, which matters where
/// memory passes from one processor to another.
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

/// Posts `function(args...)` to the loop, which calls it in the turn after it has seen the post.
///
/// Throws:   RuntimeError if the loop is closed.
template <class F, class... Args>
void post_callback(PostQueue& posts, F&& function, Args&&... args) {
  auto bound = bind_once(std::forward<F>(function), std::forward<Args>(args)...);
  auto post = std::make_unique<Post<decltype(bound)>>(std::move(bound));
  if (!posts.post(*post)) throw RuntimeError("Event loop is closed");
  (void)post.release();  // the loop owns it now
}

}  // namespace asyncio::detail
