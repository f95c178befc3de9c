#pragma once

#include <asyncio/asyncio.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <vector>

#include "run/event.hpp"
#include "values/duration.hpp"

namespace asyncdemo {

/// Watches one run: makes events of what the loop tells and of what the scenario announces, and
/// gives them to the sinks, in one order.
///
/// An output that fails ends that: the error is kept, later lines throw it, and so does
/// rethrow_failure().
///
/// Thread: any, except where it observes.
class RunObserver final : public asyncio::Observer {
 public:
  /// `sinks` are told in this order, and must outlive this.
  RunObserver(asyncio::ClockKind clock, std::vector<EventSink*> sinks);

  /// Whether anything but lines is wanted. If not, the loop need not be observed, and rows are
  /// not announced.
  void want_tasks() noexcept { wants_tasks_ = true; }
  [[nodiscard]] bool wants_tasks() const noexcept { return wants_tasks_; }

  /// Time starts now.
  void begin() noexcept { start_ = std::chrono::steady_clock::now(); }
  /// main has begun on `loop`, or has ended: what is made from then on is not the scenario's,
  /// and a virtual clock stands still.
  void enter(asyncio::EventLoop& loop);
  void leave();
  /// Since the start, on the run's clock.
  [[nodiscard]] Duration elapsed() const noexcept;

  // --- For the scenario ---

  /// Throws: asyncio::CancelledError after stop(); what an output has thrown.
  void line(std::string_view text);
  /// No line is written once this has returned.
  void stop();

  using Row = std::size_t;
  /// A row begins, in the task that runs, or on this worker thread.
  Row start_row(std::string name);
  Row start_thread_row(std::string name);
  /// This worker sleeps, or has slept; nothing where it has no row.
  void thread_blocked();
  void thread_woke();
  /// `kind`: done, cancelled or raised, with the error's description.
  void end_row(Row row, Event::Kind kind, std::string_view text = {});

  /// Whether a signal has ended a write that waited for its reader: lines are refused since.
  [[nodiscard]] bool interrupted() const;

  // --- After the run ---

  [[nodiscard]] bool failed() const;
  void rethrow_failure() const;

  // --- What the loop tells ---

  void task_created(asyncio::TaskId task, const std::string& name) noexcept override;
  void step_began(asyncio::TaskId task, bool cancelled) noexcept override;
  void step_ended(asyncio::TaskId task, const asyncio::Awaited* awaited) noexcept override;
  void task_done(asyncio::TaskId task, Outcome outcome) noexcept override;
  void timer_due(asyncio::TimePoint when, asyncio::TimePoint now) noexcept override;
  void about_to_wait(std::optional<asyncio::TimePoint> when) noexcept override;

 private:
  struct TaskState {
    std::string name;
    std::uint64_t number = 0;
    std::vector<Row> rows;  // that it is in, innermost last
    bool started = false;
    bool asleep = false;
    Duration step_began{0};
  };
  struct RowState {
    std::string name;
    std::string task;
    std::uint64_t task_number = 0;
    bool on_thread = false;
  };

  // REQUIRES: mutex_ held, for all of these.
  void tell(const Event& event);
  [[nodiscard]] Event event_of(Event::Kind kind, const TaskState& task) const;
  [[nodiscard]] Event event_of_task(Event::Kind kind, const TaskState& task) const;
  [[nodiscard]] Event event_of(Event::Kind kind, Row row) const;
  [[nodiscard]] Event event_of_this_thread(Event::Kind kind) const;
  Row add_row(RowState state);
  void end_step(const TaskState& task);

  /// Runs `work` under the mutex; keeps what it throws.
  template <class F>
  void guarded(F work) noexcept;
  [[nodiscard]] Duration since_start(asyncio::TimePoint time) const noexcept;

  const asyncio::ClockKind clock_;
  const std::vector<EventSink*> sinks_;
  bool wants_tasks_ = false;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  asyncio::EventLoop* loop_ = nullptr;  // while main runs, with a virtual clock
  Duration virtual_elapsed_{0};         // at its end

  mutable std::mutex mutex_;  // guards what follows, and keeps stop() behind a line being written
  std::thread::id loop_thread_;
  bool stopped_ = false;
  bool interrupted_ = false;  // a signal has come while a reader was waited for: see the loop
  bool left_ = false;
  std::exception_ptr failure_;
  std::uint64_t tasks_made_ = 0;
  std::unordered_map<asyncio::TaskId, TaskState> tasks_;
  std::vector<TaskState*> running_;  // whose steps are under way; null: none of the scenario's
  std::vector<RowState> rows_;
};

}  // namespace asyncdemo
