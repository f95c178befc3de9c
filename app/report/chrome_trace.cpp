#include "report/chrome_trace.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "report/jsonl.hpp"
#include "values/format_time.hpp"

namespace asyncdemo {
namespace {

constexpr std::size_t kFlushBytes = 65'536;
constexpr std::uint64_t kLoopThread = 1;
constexpr std::uint64_t kFirstWorker = 100;
constexpr std::uint64_t kTaskThreads = 1000;  // task N is the thread kTaskThreads + N
constexpr std::uint64_t kMostTaskThreads = 1000;

/// Returns a worker's thread number: below those of the tasks while there is room, then above.
std::uint64_t worker_thread(std::uint64_t index) {
  const std::uint64_t tid = kFirstWorker + index;
  return tid <= kTaskThreads ? tid : tid + kMostTaskThreads;
}

/// The categories of slices, by ChromeTrace::SliceKind.
constexpr std::array<std::string_view, 4> kCategories{"lifetime", "coroutine", "await", "blocked"};

template <class Map>
std::vector<typename Map::key_type> sorted_keys(const Map& map) {
  std::vector<typename Map::key_type> keys;
  keys.reserve(map.size());
  for (const auto& entry : map) keys.push_back(entry.first);
  std::ranges::sort(keys);
  return keys;
}

void add_time(JsonWriter& json, std::string_view key, Duration time) {
  json.key(key).literal(format_time(time, std::chrono::microseconds{1}, {3, 3}));
}

}  // namespace

// --- Runs ---

void ChromeTrace::begin_run(std::string_view name) {
  if (in_run_) end_run(last_);
  ++run_;
  in_run_ = true;
  async_category_ = run_ == 1 ? std::string("task") : fmt::format("task of run {}", run_);
  last_ = Duration::zero();
  workers_ = 0;
  add_metadata("process_name", {}, "name", name);
  add_metadata("process_sort_index", {}, "sort_index", run_);
  name_thread(kLoopThread, "loop");
}

void ChromeTrace::end_run(Duration at) {
  const End end{.at = std::max(at, last_), .state = "unfinished"};
  for (const std::uint64_t task : sorted_keys(tasks_)) close_to(tasks_[task], 0, end);
  for (const std::size_t row : sorted_keys(worker_tracks_)) close_to(worker_tracks_[row], 0, end);
  tasks_.clear();
  worker_tracks_.clear();
  in_run_ = false;
}

void ChromeTrace::finish() {
  if (std::exchange(finished_, true)) return;
  if (in_run_) end_run(last_);
  buffer_ += empty_ ? "[]\n" : "\n]\n";
  flush();
}

// --- Events ---

void ChromeTrace::take(const Event& event) {
  if (event.kind == Event::Kind::timer || event.kind == Event::Kind::line) return;
  last_ = std::max(last_, event.at);
  if (event.on_thread) {
    take_worker(event);
  } else if (event.kind == Event::Kind::created) {
    add_task(event);
  } else if (event.kind == Event::Kind::step) {
    add_step(event);
  } else if (const auto found = tasks_.find(event.task_number); found != tasks_.end()) {
    take_task(event, found->second);
    if (found->second.open.empty()) tasks_.erase(found);
  }
}

void ChromeTrace::take_task(const Event& event, Track& task) {
  switch (event.kind) {
    case Event::Kind::resumed:
      close_waiting(task, {.at = event.at});
      break;
    case Event::Kind::woke:
      add_wake(event, task);
      break;
    case Event::Kind::started:
      if (event.row != Event::kNoRow) {
        open(task, {SliceKind::row, std::string(event.name), event.at, event.row});
      }
      break;
    case Event::Kind::waiting:
      open(task, {SliceKind::await, std::string(event.text), event.at});
      break;
    case Event::Kind::done:
    case Event::Kind::cancelled:
    case Event::Kind::raised:
      close_row(task, event);
      break;
    default:
      break;
  }
}

void ChromeTrace::take_worker(const Event& event) {
  Track& worker = worker_tracks_[event.row];
  switch (event.kind) {
    case Event::Kind::started:
      worker.id = worker_thread(workers_++);
      name_thread(worker.id, event.name);
      open(worker, {SliceKind::lifetime, std::string(event.name), event.at, event.row});
      break;
    case Event::Kind::blocked:
      open(worker, {SliceKind::blocked, "blocked", event.at});
      break;
    case Event::Kind::woke:
      close_waiting(worker, {.at = event.at});
      add_wake(event, worker);
      break;
    case Event::Kind::done:
    case Event::Kind::cancelled:
    case Event::Kind::raised:
      close_row(worker, event);
      worker_tracks_.erase(event.row);
      break;
    default:
      break;
  }
}

void ChromeTrace::add_task(const Event& event) {
  const bool async = event.task_number > kMostTaskThreads;
  Track task{.id = async ? event.task_number : kTaskThreads + event.task_number, .async = async};
  if (!async) name_thread(task.id, event.task);
  open(task, {SliceKind::lifetime, std::string(event.task), event.at});
  tasks_.insert_or_assign(event.task_number, std::move(task));
}

void ChromeTrace::add_step(const Event& event) {
  JsonWriter json = begin_event('X', event.task, "step");
  json.member("tid", kLoopThread);
  add_time(json, "ts", event.since);
  add_time(json, "dur", event.at - event.since);
  end_event(json);
}

void ChromeTrace::add_wake(const Event& event, const Track& track) {
  JsonWriter json = begin_event('i', "woke", "wake");
  json.member("tid", track.async ? kLoopThread : track.id);
  add_time(json, "ts", event.at);
  json.member("s", "t");
  if (track.async) json.key("args").begin('{').member("task", event.task).end('}');
  end_event(json);
}

// --- Slices ---

void ChromeTrace::open(Track& track, Slice slice) {
  if (track.async) {
    JsonWriter json = begin_event('b', slice.name, async_category_);
    add_place(json, track);
    add_time(json, "ts", slice.since);
    end_event(json);
  }
  track.open.push_back(std::move(slice));
}

void ChromeTrace::close_to(Track& track, std::size_t place, const End& end) {
  while (track.open.size() > place) {
    const Slice& slice = track.open.back();
    const bool has_state = slice.kind == SliceKind::lifetime || slice.kind == SliceKind::row;
    const std::string_view category = kCategories[static_cast<std::size_t>(slice.kind)];
    JsonWriter json =
        begin_event(track.async ? 'e' : 'X', slice.name, track.async ? async_category_ : category);
    add_place(json, track);
    add_time(json, "ts", track.async ? end.at : slice.since);
    if (!track.async) add_time(json, "dur", end.at - slice.since);
    if (has_state) {
      json.key("args").begin('{').member("state", end.state);
      if (!end.error.empty()) json.member("error", end.error);
      json.end('}');
    }
    end_event(json);
    track.open.pop_back();
  }
}

void ChromeTrace::close_waiting(Track& track, const End& end) {
  if (track.open.empty()) return;
  const SliceKind kind = track.open.back().kind;
  const bool waits = kind == SliceKind::await || kind == SliceKind::blocked;
  if (waits) close_to(track, track.open.size() - 1, end);
}

void ChromeTrace::close_row(Track& track, const Event& event) {
  // A task's own end has no row; its lifetime is the first slice without one.
  const auto found = std::ranges::find(track.open, event.row, &Slice::row);
  if (found == track.open.end()) return;
  const auto place = static_cast<std::size_t>(found - track.open.begin());
  close_to(track, place, {.at = event.at, .state = public_name(event.kind), .error = event.text});
}

// --- Text ---

JsonWriter ChromeTrace::begin_event(char phase, std::string_view name, std::string_view category) {
  buffer_ += std::exchange(empty_, false) ? "[\n" : ",\n";
  JsonWriter json(buffer_);
  json.begin('{').member("ph", std::string_view(&phase, 1)).member("name", name);
  if (!category.empty()) json.member("cat", category);
  json.member("pid", run_);
  return json;
}

void ChromeTrace::end_event(JsonWriter& json) {
  json.end('}');
  if (buffer_.size() >= kFlushBytes) flush();
}

void ChromeTrace::add_place(JsonWriter& json, const Track& track) {
  json.member("tid", track.async ? kLoopThread : track.id);
  if (track.async) json.member("id", track.id);
}

template <class T>
void ChromeTrace::add_metadata(std::string_view what, std::optional<std::uint64_t> tid,
                               std::string_view key, const T& value) {
  JsonWriter json = begin_event('M', what);
  if (tid) json.member("tid", *tid);
  json.key("args").begin('{').member(key, value).end('}');
  end_event(json);
}

void ChromeTrace::name_thread(std::uint64_t tid, std::string_view name) {
  add_metadata("thread_name", tid, "name", name);
  add_metadata("thread_sort_index", tid, "sort_index", tid);
}

void ChromeTrace::flush() {
  const std::string full = std::exchange(buffer_, {});
  sink_(full);
}

}  // namespace asyncdemo
