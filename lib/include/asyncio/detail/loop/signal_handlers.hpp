#pragma once

#include <asyncio/detail/base/intrusive.hpp>
#include <asyncio/detail/loop/callback.hpp>
#include <asyncio/detail/loop/runnable.hpp>
#include <asyncio/poll/poller.hpp>
#include <atomic>
#include <map>
#include <memory>

namespace asyncio::detail {

/// The signals that one loop handles. The kernel's handler only marks a signal and wakes the loop;
/// the callbacks run as part of a turn.
///
/// Only one loop of the process can handle signals at a time. Removing a callback restores the
/// disposition that its signal had before.
///
/// Thread:   the loop's.
class SignalHandlers {
 public:
  /// `poller` is woken by each signal.
  explicit SignalHandlers(Poller& poller) noexcept;
  SignalHandlers(const SignalHandlers&) = delete;
  SignalHandlers& operator=(const SignalHandlers&) = delete;
  ~SignalHandlers();

  /// Calls `callback` in the turn after each arrival of signal `number`. Arrivals before that turn
  /// count as one.
  ///
  /// Throws:   ValueError if `number` is no signal or cannot be caught; RuntimeError when another
  ///           loop handles signals.
  void add(int number, Ref<Callback> callback);

  /// Stops handling signal `number`; returns false if there is no callback.
  bool remove(int number) noexcept;
  /// Stops handling all signals.
  void remove_all() noexcept;

  /// Excludes the callback of `number` from waits_for_any(), until it is replaced.
  void discount(int number) noexcept;

  /// Whether a signal could still wake the loop.
  [[nodiscard]] bool waits_for_any() const noexcept;

  [[nodiscard]] bool handles(int number) const noexcept { return entries_.contains(number); }

  /// Whether collect() may find something. Cost: one load.
  [[nodiscard]] static bool any_arrived() noexcept {
    return any_arrived_.load(std::memory_order_relaxed);
  }
  /// In a forked child: stops reporting its signals to the parent's loop.
  static void forget_after_fork() noexcept;

  /// Queues the callbacks of the signals that have arrived since the last call.
  void collect(ReadyQueue& ready);

 private:
  struct Entry;
  static void mark(int number) noexcept;  // the kernel's handler

  static std::atomic<bool> any_arrived_;
  Poller& poller_;
  std::map<int, std::unique_ptr<Entry>> entries_;
};

}  // namespace asyncio::detail
