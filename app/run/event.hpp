#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "values/duration.hpp"

namespace asyncdemo {

/// An event of a run. Every kind of output is made from events alone.
struct Event {
  enum class Kind : std::uint8_t {
    line,       ///< the scenario printed `text`
    created,    ///< a task was created
    started,    ///< a task or a coroutine began; a coroutine adds a row
    woke,       ///< its sleep ended
    waiting,    ///< it waits for `text`; `asleep` if that is its own sleep
    blocked,    ///< its thread is blocked
    done,       ///< it returned; a task does so after its rows
    cancelled,  ///< it was cancelled
    raised,     ///< it ended with the error `text`
    resumed,    ///< the loop resumed the task
    step,       ///< the task ran, from `since` to `at`
    timer,      ///< a timer fired that was due at `since`
  };
  static constexpr std::size_t kNoRow = static_cast<std::size_t>(-1);

  Kind kind;
  Duration at{0};     ///< since the start of the run
  Duration since{0};  ///< start of a step, due time of a timer
  /// Rows are numbered in the order they start; kNoRow: an event of the task itself.
  std::size_t row = kNoRow;
  std::uint64_t task_number = 0;  ///< in the order of creation, from 1; 0: no task
  std::string_view task{};        ///< "Task-2", or "thread"; empty: no task
  std::string_view name{};        ///< the name of the row; empty: no row
  std::string_view text{};
  bool asleep = false;
  bool on_thread = false;  ///< the row belongs to a worker thread
};

/// A receiver of a run's events, as they happen.
///
/// Thread: any, but one at a time.
class EventSink {
 public:
  EventSink() = default;
  EventSink(const EventSink&) = delete;
  EventSink& operator=(const EventSink&) = delete;
  virtual ~EventSink() = default;

  /// Throws: std::system_error if it cannot write.
  virtual void take(const Event& event) = 0;

  /// Called when the loop is about to wait until `until`, a time like `Event::at`, or forever. Slow
  /// work belongs here.
  virtual void pause(Duration /*until*/) {}

  /// Called when the run is interrupted. No line follows, only messages to the user.
  virtual void interrupt() {}
};

}  // namespace asyncdemo
