#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "values/duration.hpp"

namespace asyncdemo {

/// One thing that happened in a run. Every kind of output is made of these alone.
struct Event {
  enum class Kind : std::uint8_t {
    line,       ///< the scenario printed `text`
    created,    ///< a task was made
    started,    ///< a task began, or a coroutine: a new row
    woke,       ///< its sleep is over
    waiting,    ///< it waits for `text`; `asleep` if that is its own sleep
    blocked,    ///< it holds its thread and does nothing
    done,       ///< it returned; so each row ends, and after its rows each task
    cancelled,  ///< it ended by a cancellation
    raised,     ///< it ended by the error `text`
    resumed,    ///< the loop runs the task from now on
    step,       ///< it did from `since` on, until now
    timer,      ///< a timer that was due at `since` was seen
  };
  static constexpr std::size_t kNoRow = static_cast<std::size_t>(-1);

  Kind kind;
  Duration at{0};                 ///< since the start of the run
  Duration since{0};              ///< of a step or a timer
  std::size_t row = kNoRow;       ///< whose, by the order of their starts; kNoRow: the task's own
  std::uint64_t task_number = 0;  ///< by the order of their making, from 1; 0: none
  std::string_view task{};        ///< "Task-2", or "thread"; empty: none
  std::string_view name{};        ///< the row's; empty: none
  std::string_view text{};
  bool asleep = false;
  bool on_thread = false;  ///< it is about a worker thread's row
};

/// Something that is made of a run's events while they happen.
///
/// Thread: any, but one at a time.
class EventSink {
 public:
  EventSink() = default;
  EventSink(const EventSink&) = delete;
  EventSink& operator=(const EventSink&) = delete;
  virtual ~EventSink() = default;

  /// Throws: std::system_error where it writes.
  virtual void take(const Event& event) = 0;

  /// The loop is about to wait until `until` (as `Event::at`), or for ever: the time for what
  /// takes long.
  virtual void pause(Duration /*until*/) {}

  /// The run is interrupted: no line comes any more, and the user is told in messages.
  virtual void interrupt() {}
};

}  // namespace asyncdemo
