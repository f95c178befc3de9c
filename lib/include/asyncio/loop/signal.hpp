#pragma once

#include <asyncio/loop/loop_handle.hpp>
#include <atomic>
#include <map>
#include <memory>

namespace asyncio::detail {

/// The signals one loop listens to. The handler that the kernel calls only marks the signal
/// and wakes the loop; the callbacks run as part of a turn.
///
/// One loop of the process can listen at a time. The disposition that a signal had before is
/// put back when its callback is removed.
///
/// Thread:   the loop's.
class SignalWatch {
 public:
  explicit SignalWatch(std::shared_ptr<Mailbox> mailbox) noexcept;
  SignalWatch(const SignalWatch&) = delete;
  SignalWatch& operator=(const SignalWatch&) = delete;
  ~SignalWatch();

  /// Calls `callback` in the turn after each arrival of signal `number`; arrivals before that
  /// turn count as one.
  ///
  /// Throws:   ValueError for a number that is no signal or cannot be caught;
  ///           RuntimeError when another loop listens.
  void add(int number, Ref<Callback> callback);

  /// Stops listening; false if nobody did.
  bool remove(int number) noexcept;

  /// From here on the callback of `number` does not count as something to wait for.
  void discount(int number) noexcept;

  /// Whether there is a signal to wait for.
  [[nodiscard]] bool waits_for_some() const noexcept;

  [[nodiscard]] bool watches(int number) const noexcept { return entries_.contains(number); }

  /// Whether collect() may find something. Cost: one load.
  [[nodiscard]] static bool some_arrived() noexcept {
    return some_arrived_.load(std::memory_order_relaxed);
  }
  /// In a child process: its parent is not told of the signals that it gets.
  static void forget_after_fork() noexcept;

  /// Appends the callbacks of the signals that have come in since the last call.
  void collect(RunQueue& ready);

 private:
  struct Entry;
  static void mark(int number) noexcept;  // what the kernel's handler does

  static std::atomic<bool> some_arrived_;
  std::shared_ptr<Mailbox> mailbox_;
  std::map<int, std::unique_ptr<Entry>> entries_;
};

}  // namespace asyncio::detail
