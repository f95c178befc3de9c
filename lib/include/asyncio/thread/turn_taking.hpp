#pragma once

#include <asyncio/base/time.hpp>
#include <asyncio/loop/event_loop.hpp>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <utility>

namespace asyncio {

/// Blocks this thread for `span`, on the clock of the loop whose executor runs it: on a virtual
/// clock the loop goes on meanwhile and jumps. Elsewhere a plain sleep; never shorter.
///
/// Thread:   any but one that runs a loop, which would stand still.
/// Python:   time.sleep, in a function that to_thread() runs.
void blocking_sleep(Duration span);
/// The same for any chrono duration.
template <class Rep, class Period>
void blocking_sleep(std::chrono::duration<Rep, Period> span) {
  blocking_sleep(to_duration(span));
}

namespace detail {

class Party;

/// When `span`, none if negative, will have passed on the system's clock; the end of time at most.
[[nodiscard]] std::chrono::steady_clock::time_point real_deadline(Duration span) noexcept;

/// Who runs, of a loop on a virtual clock and its executor's workers: exactly one at a time,
/// so that nothing depends on how fast threads are.
///
/// A worker that may go on is an entry of the loop's timer queue. When that comes up, the loop
/// lets the worker run and stands still until it sleeps, waits for the loop, or ends.
class TurnTaking {
 public:
  explicit TurnTaking(EventLoop& loop) noexcept : loop_(loop) {}

  [[nodiscard]] EventLoop& loop() const noexcept { return loop_; }

  // --- On the loop's thread ---

  /// Lets `party` run, and returns when it has given its turn back.
  void let_run(Party& party);
  /// From now on nobody waits for a turn.
  void loop_closing() noexcept;

  // --- On a worker ---

  void wait_for_turn(Party& party);
  /// Ends this worker's turn for good.
  void give_back(Party* party) noexcept;
  /// Gives the turn back until the party's timer comes up. REQUIRES: it is armed, or somebody
  /// will arm it. Returns false when the loop is gone.
  bool pause(Party& party);
  /// Whether it is `party`'s turn: the loop stands still, and its timers may be touched.
  [[nodiscard]] bool is_turn_of(const Party& party) noexcept;

 private:
  EventLoop& loop_;
  std::mutex mutex_;
  std::condition_variable changed_;
  Party* running_ = nullptr;  // null: the loop
  bool loop_gone_ = false;
};

/// A worker, as an entry of the timer queue.
class Party final : public Timer {
 public:
  explicit Party(std::shared_ptr<TurnTaking> turns) noexcept : turns_(std::move(turns)) {}

  [[nodiscard]] const std::shared_ptr<TurnTaking>& turns() const noexcept { return turns_; }
  void run() noexcept override { turns_->let_run(*this); }
  void discard() noexcept override {}
  [[nodiscard]] bool counts() const noexcept override { return false; }

  /// Lets it go on at `when`, or now: in place of an earlier appointment. Nothing when the loop
  /// is closed, for then it goes on by itself.
  void arm_at(TimePoint when) {
    if (turns_->loop().is_closed()) return;
    withdraw();
    turns_->loop().arm(*this, when);
    due_ = when;
  }
  void arm_now() { arm_at(turns_->loop().time()); }

  /// Whether its appointment is still to come; then due() is when.
  [[nodiscard]] bool waiting() const noexcept { return armed(); }
  [[nodiscard]] TimePoint due() const noexcept { return due_; }
  /// Cancels the appointment, if it has one.
  void withdraw() noexcept { turns_->loop().disarm(*this); }

 private:
  std::shared_ptr<TurnTaking> turns_;
  TimePoint due_{};
};

/// The worker that this thread is, on a virtual clock; else null.
[[nodiscard]] Party* current_party() noexcept;

/// Makes this thread `party` for as long as it lives.
class PartyScope {
 public:
  explicit PartyScope(Party* party) noexcept;
  PartyScope(const PartyScope&) = delete;
  PartyScope& operator=(const PartyScope&) = delete;
  ~PartyScope();

 private:
  Party* before_;
};

}  // namespace detail
}  // namespace asyncio
