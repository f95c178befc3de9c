#pragma once

#include <asyncio/detail/base/intrusive.hpp>
#include <asyncio/detail/loop/callback.hpp>
#include <asyncio/detail/loop/runnable.hpp>
#include <asyncio/poll/poller.hpp>
#include <atomic>
#include <map>
#include <memory>

namespace asyncio::detail {

/// The signals that one loop handles. The process's signal handler only marks a signal and wakes
/// the loop; the callbacks run in a turn.
///
/// Only one loop per process can handle signals at a time. Removing a callback restores the
/// disposition that its signal had before.
///
/// Thread:   the loop's.
class SignalHandlers {
 public:
  /// Creates an empty set. Each signal that arrives wakes `poller`.
  explicit SignalHandlers(Poller& poller) noexcept;
  SignalHandlers(const SignalHandlers&) = delete;
  SignalHandlers& operator=(const SignalHandlers&) = delete;
  ~SignalHandlers();

  /// Calls `callback` in the turn after each arrival of signal `number`. Several arrivals before
  /// that turn count as one.
  ///
  /// Throws:   ValueError if `number` is not a signal or cannot be caught; RuntimeError if another
  ///           loop handles signals.
  void add(int number, Ref<Callback> callback);

  /// Stops handling signal `number`. Returns false if it has no callback.
  bool remove(int number) noexcept;
  /// Stops handling all signals.
  void remove_all() noexcept;

  /// Excludes signal `number` from waits_for_any() until its callback is replaced.
  void discount(int number) noexcept;

  /// Returns whether a signal could still wake the loop.
  [[nodiscard]] bool waits_for_any() const noexcept;

  [[nodiscard]] bool handles(int number) const noexcept { return entries_.contains(number); }

  /// Returns whether collect() may find something. Costs one load.
  [[nodiscard]] static bool any_arrived() noexcept {
    return any_arrived_.load(std::memory_order_relaxed);
  }
  /// Stops a forked child from reporting its signals to the parent's loop.
  static void forget_after_fork() noexcept;

  /// Queues the callbacks of the signals that have arrived since the last call.
  void collect(ReadyQueue& ready);

 private:
  struct Entry;
  static void mark(int number) noexcept;  // the process's signal handler

  static std::atomic<bool> any_arrived_;
  Poller& poller_;
  std::map<int, std::unique_ptr<Entry>> entries_;
};

}  // namespace asyncio::detail
