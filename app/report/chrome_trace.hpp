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

/// Writes a Chrome trace (a JSON array, as Perfetto and about:tracing open it) of one run after
/// the other, while they happen.
///
/// Each run is a process, numbered from 1. Its thread 1 is the loop with a slice for each step of
/// a task; worker threads follow from 100; each of the first 1,000 tasks is a thread from 1001 on,
/// with its lifetime and in it its rows and its awaits. Later tasks are asynchronous slices whose
/// id is the task's number, and their wakes stand on the loop's thread.
///
/// Needs the memory of what is open: the tasks that are alive.
class ChromeTrace final : public EventSink {
 public:
  /// Takes the text in pieces of about 64 KB. What it throws, all of the functions here throw.
  using Sink = std::function<void(std::string_view)>;
  explicit ChromeTrace(Sink sink) : sink_(std::move(sink)) {}

  /// Ends the run before if that has not happened.
  void begin_run(std::string_view name);
  /// REQUIRES: between begin_run() and end_run().
  void take(const Event& event) override;
  /// Ends whatever is still open, at `at` or at the last event, if that was later.
  void end_run(Duration at);

  /// Makes the document whole, also in the midst of a run that failed; nothing the second time.
  void finish();

 private:
  enum class What : std::uint8_t { lifetime, row, await, blocked };
  struct Slice {
    What what;
    std::string name;
    Duration since;
    std::size_t row = Event::kNoRow;
  };
  /// A thread of the trace, or the track of a late task.
  struct Track {
    std::uint64_t id = 0;  // a thread's, or the task's number
    bool async = false;
    std::vector<Slice> open{};  // innermost last
  };
  /// How a slice ended.
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
  /// Ends what is open down to, and with, the slice that has this place.
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
  void name_process(std::string_view name);
  void name_thread(std::uint64_t tid, std::string_view name);
  void flush();

  const Sink sink_;
  std::string buffer_;
  bool empty_ = true;
  bool finished_ = false;

  int run_ = 0;  // its number
  bool in_run_ = false;
  std::string async_category_;  // the run's own: viewers join what has one category and id
  Duration last_{0};
  std::uint64_t workers_ = 0;
  std::unordered_map<std::uint64_t, Track> tasks_;        // by the task's number
  std::unordered_map<std::size_t, Track> worker_tracks_;  // by the row
};

}  // namespace asyncdemo
