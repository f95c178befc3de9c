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

/// The observer of one run. Turns the loop's callbacks and the scenario's reports into events and
/// passes these to the sinks, in one order.
///
/// If a sink fails, no further event is passed on; line() and rethrow_failure() throw its error.
///
/// Thread: any, except for the loop's callbacks.
class RunObserver final : public asyncio::Observer {
 public:
  /// `sinks` receive each event in this order and must outlive the observer.
  RunObserver(asyncio::ClockKind clock, std::vector<EventSink*> sinks);

  /// Asks for all events. Without it there are only lines: the loop need not be observed, and rows
  /// are ignored.
  void want_tasks() noexcept { wants_tasks_ = true; }
  [[nodiscard]] bool wants_tasks() const noexcept { return wants_tasks_; }

  /// Starts the time of the run.
  void begin() noexcept { start_ = std::chrono::steady_clock::now(); }
  /// Records that main begins on `loop`.
  void enter(asyncio::EventLoop& loop);
  /// Records that main has ended. Tasks created from then on are not the scenario's, and a virtual
  /// clock stands still.
  void leave();
  /// Returns the time since the start, on the run's clock.
  [[nodiscard]] Duration elapsed() const noexcept;

  // --- For the scenario ---

  /// Takes a line that the scenario prints and passes it to the sinks.
  ///
  /// Throws: asyncio::CancelledError after stop(); the error of a sink.
  void line(std::string_view text);
  /// Refuses further lines. None is written once this has returned.
  void stop();

  using Row = std::size_t;
  /// Starts a row in the running task.
  Row start_row(std::string name);
  /// Starts the row of this worker thread.
  Row start_thread_row(std::string name);
  /// Records that this worker begins or ends a sleep. Does nothing if it has no row.
  void thread_blocked();
  void thread_woke();
  /// Ends a row. `kind`: done, cancelled, or raised with the error's description in `text`.
  void end_row(Row row, Event::Kind kind, std::string_view text = {});

  /// Returns true if a signal has ended a write that waited for its reader. Lines are then refused.
  [[nodiscard]] bool interrupted() const;

  // --- After the run ---

  [[nodiscard]] bool failed() const;
  void rethrow_failure() const;

  // --- The loop's callbacks ---

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
    std::vector<Row> rows;  // the rows the task is in, innermost last
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

  // All of these require mutex_.
  void emit(const Event& event);
  [[nodiscard]] Event event_of(Event::Kind kind, const TaskState& task) const;
  [[nodiscard]] Event event_of_task(Event::Kind kind, const TaskState& task) const;
  [[nodiscard]] Event event_of(Event::Kind kind, Row row) const;
  [[nodiscard]] Event event_of_this_thread(Event::Kind kind) const;
  Row add_row(RowState state);
  /// Returns the task in a step. Null if there is none, or if it is not the scenario's.
  [[nodiscard]] TaskState* running_task() const {
    return running_.empty() ? nullptr : running_.back();
  }
  /// Ends the step of running_task(), and returns that task or null.
  TaskState* end_step();

  /// Runs `work` under the mutex and keeps its exception.
  template <class F>
  void guarded(F work) noexcept;
  [[nodiscard]] Duration since_start(asyncio::TimePoint time) const noexcept;

  const asyncio::ClockKind clock_;
  const std::vector<EventSink*> sinks_;
  bool wants_tasks_ = false;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  asyncio::EventLoop* loop_ = nullptr;  // null unless main runs
  Duration virtual_elapsed_{0};         // when main ended

  mutable std::mutex mutex_;  // guards what follows; stop() waits here for a line being written
  std::thread::id loop_thread_;
  bool stopped_ = false;
  bool interrupted_ = false;  // a signal came while a write waited for its reader
  bool left_ = false;
  std::exception_ptr failure_;
  std::uint64_t tasks_made_ = 0;
  std::unordered_map<asyncio::TaskId, TaskState> tasks_;
  std::vector<TaskState*> running_;  // the tasks in a step; null: not of the scenario
  std::vector<RowState> rows_;
};

}  // namespace asyncdemo
