#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "run/event.hpp"
#include "values/duration.hpp"
#include "values/json.hpp"

namespace asyncdemo {

/// A Chrome trace of one run after another, written while they happen: a JSON array that Perfetto
/// and about:tracing open.
///
/// Each run is a process, numbered from 1. Its thread 1 is the loop, with a slice for each step of
/// a task. Worker threads are numbered from 100. Each of the first 1,000 tasks is a thread, from
/// 1001 on: the task's lifetime, with its rows and awaits nested inside. Later tasks are
/// asynchronous slices whose id is the task's number; their wakes appear on the loop's thread.
///
/// Cost: memory for the tasks that are alive.
class ChromeTrace final : public EventSink {
 public:
  /// Receives the text in pieces of about 64 KB. Every function here passes its exceptions on.
  using Sink = std::function<void(std::string_view)>;
  explicit ChromeTrace(Sink sink) : sink_(std::move(sink)) {}

  /// Starts a run. Ends the previous one if it is still open.
  void begin_run(std::string_view name);
  /// REQUIRES: between begin_run() and end_run().
  void take(const Event& event) override;
  /// Ends the run and all that is still open in it, at `at` or the last event, whichever is later.
  void end_run(Duration at);

  /// Completes the document, even in the middle of a run that failed. Does nothing the second time.
  void finish();

 private:
  enum class SliceKind : std::uint8_t { lifetime, row, await, blocked };
  struct Slice {
    SliceKind kind;
    std::string name;
    Duration since;
    std::size_t row = Event::kNoRow;
  };
  /// A thread of the trace, or the track of a task after the first 1,000.
  struct Track {
    std::uint64_t id = 0;  // the number of the thread or of the task
    bool async = false;
    std::vector<Slice> open{};  // innermost last
  };
  /// The end of a slice.
  struct End {
    Duration at;
    std::string_view state{};
    std::string_view error{};
  };

  void take_worker(const Event& event);
  void take_task(const Event& event, Track& task);
  void add_task(const Event& event);
  void add_step(const Event& event);
  void add_wake(const Event& event, const Track& track);

  void open(Track& track, Slice slice);
  /// Ends the open slices from the innermost out to the one at `place`, inclusive.
  void close_to(Track& track, std::size_t place, const End& end);
  void close_waiting(Track& track, const End& end);
  void close_row(Track& track, const Event& event);

  [[nodiscard]] JsonWriter begin_event(char phase, std::string_view name,
                                       std::string_view category = {});
  void end_event(JsonWriter& json);
  static void add_place(JsonWriter& json, const Track& track);
  template <class T>
  void add_metadata(std::string_view what, std::optional<std::uint64_t> tid, std::string_view key,
                    const T& value);
  void name_thread(std::uint64_t tid, std::string_view name);
  void flush();

  const Sink sink_;
  std::string buffer_;
  bool empty_ = true;
  bool finished_ = false;

  int run_ = 0;  // numbered from 1
  bool in_run_ = false;
  std::string async_category_;  // one for each run: viewers join equal categories and ids
  Duration last_{0};
  std::uint64_t workers_ = 0;
  std::unordered_map<std::uint64_t, Track> tasks_;        // by number
  std::unordered_map<std::size_t, Track> worker_tracks_;  // by row
};

}  // namespace asyncdemo
