#pragma once

#include <asyncio/base/context.hpp>
#include <asyncio/base/frame_pool.hpp>
#include <asyncio/base/intrusive.hpp>
#include <asyncio/base/time.hpp>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <type_traits>
#include <typeinfo>
#include <utility>

namespace asyncio {

class EventLoop;

namespace detail {

/// Something that waits for its turn. The queue that holds it either runs it or discards it,
/// once, and has forgotten it by then: it may enter a queue again from inside.
class Runnable {
 public:
  Runnable() = default;
  Runnable(const Runnable&) = delete;
  Runnable& operator=(const Runnable&) = delete;

  /// Does the work. Errors of the user's code go to the loop's exception handler.
  virtual void run() noexcept = 0;

  /// Called in place of run() when the loop is closed.
  virtual void discard() noexcept = 0;

  /// Whose it is and where that goes on, for who watches how long it takes.
  [[nodiscard]] virtual std::string describe_step() const { return "a wake-up"; }

 protected:
  ~Runnable() = default;

 private:
  friend class RunList;
  friend class RunQueue;
  friend class Mailbox;
  Runnable* next_ = nullptr;
};

/// First in, first out, through the entries' own links: nothing is allocated. It is as small as
/// can be, for it stands in every future; RunQueue is the faster one.
class RunList {
 public:
  RunList() = default;
  RunList(RunList&& other) noexcept : tail_(std::exchange(other.tail_, nullptr)) {}
  RunList& operator=(RunList&& other) noexcept {
    tail_ = std::exchange(other.tail_, nullptr);
    return *this;
  }

  [[nodiscard]] bool empty() const noexcept { return tail_ == nullptr; }

  void push_back(Runnable& entry) noexcept {
    if (tail_ == nullptr) {
      entry.next_ = &entry;
    } else {
      entry.next_ = tail_->next_;
      tail_->next_ = &entry;
    }
    tail_ = &entry;
  }

  /// REQUIRES: !empty().
  Runnable& pop_front() noexcept {
    Runnable& head = *tail_->next_;
    if (&head == tail_) {
      tail_ = nullptr;
    } else {
      tail_->next_ = head.next_;
    }
    return head;
  }

  /// Takes `entry` out, wherever it stands; false if it is not here. Linear.
  bool remove(Runnable& entry) noexcept {
    if (empty()) return false;
    Runnable* before = tail_;
    while (before->next_ != &entry) {
      before = before->next_;
      if (before == tail_) return false;
    }
    if (before == &entry) {
      tail_ = nullptr;
    } else {
      before->next_ = entry.next_;
      if (tail_ == &entry) tail_ = before;
    }
    return true;
  }

  void discard_all() noexcept {
    while (!empty()) pop_front().discard();
  }

 private:
  friend class RunQueue;
  // Circular: the tail's next is the head; null when there is none.
  Runnable* tail_ = nullptr;
};

/// The same for a loop, where what enters and leaves is counted in nanoseconds.
class RunQueue {
 public:
  RunQueue() = default;
  RunQueue(const RunQueue&) = delete;
  RunQueue& operator=(const RunQueue&) = delete;

  [[nodiscard]] bool empty() const noexcept { return head_ == nullptr; }

  void push_back(Runnable& entry) noexcept {
    entry.next_ = nullptr;
    *end_ = &entry;
    end_ = &entry.next_;
  }

  /// REQUIRES: !empty().
  Runnable& pop_front() noexcept {
    Runnable& head = *head_;
    head_ = head.next_;
    if (head_ == nullptr) end_ = &head_;
    return head;
  }

  /// Moves all of `other` behind what is here; takes the same time for any length.
  void append(RunList&& other) noexcept {
    if (other.empty()) return;
    *end_ = std::exchange(other.tail_->next_, nullptr);
    end_ = &std::exchange(other.tail_, nullptr)->next_;
  }
  /// The entries from `first` to `last`, which has no next one.
  void append_chain(Runnable* first, Runnable& last) noexcept {
    *end_ = first;
    end_ = &last.next_;
  }

  /// Takes all out and calls `use` for each, in order; what enters meanwhile stays.
  ///
  /// REQUIRES: no call ends or queues an entry whose turn is still to come.
  template <class F>
  void consume(F use) noexcept {
    Runnable* entry = std::exchange(head_, nullptr);
    end_ = &head_;
    while (entry != nullptr) {
      Runnable* const next = entry->next_;
      use(*entry);
      entry = next;
    }
  }

  void discard_all() noexcept {
    while (!empty()) pop_front().discard();
  }

 private:
  Runnable* head_ = nullptr;
  Runnable** end_ = &head_;  // where the next one is to be written
};

/// A Runnable for a TimerQueue, which knows it by its slot.
class Timer : public Runnable {
 public:
  /// Whether it is still to run: its time has not come, or it waits for its place in the turn.
  [[nodiscard]] bool armed() const noexcept { return slot_ != kNoSlot; }
  /// Whether an Observer hears of it: not where it is a matter of the library alone.
  [[nodiscard]] virtual bool counts() const noexcept { return true; }

 protected:
  ~Timer() = default;

 private:
  friend class TimerQueue;
  using Slot = std::uint32_t;
  static constexpr Slot kNoSlot = ~Slot{0};
  Slot slot_ = kNoSlot;
  bool is_due_ = false;
};

/// "callback main()::{lambda()#1}", by a callable's type: the only name that a lambda has.
[[nodiscard]] std::string describe_callback(const std::type_info& type);

/// A user's callback, shared by the queue that will run it and the Handle that may cancel it. It
/// is called in a copy of the context in which it was made.
class Callback : public Timer, public FramePooled {
 public:
  enum class Repeat : std::uint8_t { no, yes };

  Callback(EventLoop& loop, TimePoint when, Repeat repeat)
      : repeat_(repeat), loop_(&loop), when_(when), context_(copy_current_context()) {}
  virtual ~Callback() = default;

  void add_ref() noexcept { ++references_; }
  void release() noexcept {
    if (--references_ == 0) delete this;
  }

  void run() noexcept final;
  void discard() noexcept final;
  void cancel() noexcept;
  [[nodiscard]] bool cancelled() const noexcept { return cancelled_; }
  [[nodiscard]] TimePoint when() const noexcept { return when_; }
  [[nodiscard]] virtual const std::type_info& type() const noexcept = 0;
  [[nodiscard]] std::string describe_step() const final;

 private:
  virtual void call() = 0;
  virtual void drop_callable() noexcept = 0;

  std::uint32_t references_ = 0;
  Repeat repeat_;
  bool cancelled_ = false;
  bool calling_ = false;
  EventLoop* loop_;
  TimePoint when_;
  Ref<ContextState> context_;
};

template <class F>
class CallbackOf final : public Callback {
 public:
  CallbackOf(EventLoop& loop, TimePoint when, Repeat repeat, F&& function)
      : Callback(loop, when, repeat), function_(std::move(function)) {}
  [[nodiscard]] const std::type_info& type() const noexcept override {
    return typeid(typename F::callable);
  }

 private:
  void call() override { (*function_)(); }
  void drop_callable() noexcept override { function_.reset(); }
  std::optional<F> function_;
};

/// What call_soon() and its like take: something that can be called with the arguments, and does
/// not give a coroutine, which nobody would await.
template <class F, class... Args>
concept CallableNow = std::invocable<std::decay_t<F>&, std::decay_t<Args>...> && !requires {
  typename std::invoke_result_t<std::decay_t<F>&, std::decay_t<Args>...>::promise_type;
};

/// A callable with its arguments, that still knows what it was made of.
template <class F, class Bound>
struct BoundCallable : Bound {
  using callable = F;
  explicit BoundCallable(Bound&& bound) : Bound(std::move(bound)) {}
};

/// One callable of no arguments, to be called once, out of a callable and its arguments, all
/// moved or copied in, and moved on by the call.
template <class F, class... Args>
auto bind_once(F&& function, Args&&... args) {
  auto bound = [function = std::decay_t<F>(std::forward<F>(function)),
                ... args = std::decay_t<Args>(std::forward<Args>(args))]() mutable {
    (void)std::invoke(std::move(function), std::move(args)...);
  };
  return BoundCallable<std::decay_t<F>, decltype(bound)>(std::move(bound));
}

/// The same, to be called any number of times.
template <class F, class... Args>
auto bind_call(F&& function, Args&&... args) {
  auto bound = [function = std::decay_t<F>(std::forward<F>(function)),
                ... args = std::decay_t<Args>(std::forward<Args>(args))]() mutable {
    (void)std::invoke(function, args...);
  };
  return BoundCallable<std::decay_t<F>, decltype(bound)>(std::move(bound));
}

template <class F>
Ref<Callback> make_callback(EventLoop& loop, F function, TimePoint when = {},
                            Callback::Repeat repeat = Callback::Repeat::no) {
  return Ref<Callback>(new CallbackOf<F>(loop, when, repeat, std::move(function)));
}

}  // namespace detail

/// A scheduled callback, as call_soon() returns it. Dropping it leaves the callback scheduled.
///
/// Thread:   its loop's thread only.
/// Lifetime: may outlive the loop.
/// Python:   asyncio.Handle.
class Handle {
 public:
  /// Stands for no callback.
  Handle() = default;
  /// @cond detail
  explicit Handle(detail::Ref<detail::Callback> callback) noexcept
      : callback_(std::move(callback)) {}
  /// @endcond

  /// Prevents the call, if it has not begun, and destroys the callable; else does nothing.
  void cancel() noexcept {
    if (callback_) callback_->cancel();
  }
  /// Whether cancel() has been called.
  [[nodiscard]] bool cancelled() const noexcept { return callback_ && callback_->cancelled(); }

  /// "<Handle main()::{lambda()#1}>", "<Handle cancelled>".
  friend std::string to_string(const Handle& handle) { return handle.describe("<Handle"); }

 protected:
  /// @cond detail
  [[nodiscard]] std::string describe(std::string text) const;

  detail::Ref<detail::Callback> callback_;
  /// @endcond
};

/// A callback scheduled for a time, as call_later() and call_at() return it.
///
/// Thread:   its loop's thread only.
/// Python:   asyncio.TimerHandle.
class TimerHandle : public Handle {
 public:
  using Handle::Handle;  ///< as a Handle

  /// The loop's time at which it is due.
  [[nodiscard]] TimePoint when() const noexcept {
    return callback_ ? callback_->when() : TimePoint{};
  }

  /// "<TimerHandle when=1.5 main()::{lambda()#1}>".
  friend std::string to_string(const TimerHandle& handle);
};

}  // namespace asyncio
