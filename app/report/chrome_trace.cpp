#include "report/chrome_trace.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "report/jsonl.hpp"
#include "values/format_time.hpp"

namespace asyncdemo {
namespace {

constexpr std::size_t kFlushBytes = 65'536;
constexpr std::uint64_t kLoopThread = 1;
constexpr std::uint64_t kFirstWorker = 100;
constexpr std::uint64_t kTaskThreads = 1000;  // the tasks' threads come after it
constexpr std::uint64_t kMostTaskThreads = 1000;

/// Workers that find no number before those of the tasks get one behind them.
std::uint64_t worker_thread(std::uint64_t index) {
  const std::uint64_t tid = kFirstWorker + index;
  return tid <= kTaskThreads ? tid : tid + kMostTaskThreads;
}

template <class Map>
std::vector<typename Map::key_type> sorted_keys(const Map& map) {
  std::vector<typename Map::key_type> keys;
  keys.reserve(map.size());
  for (const auto& entry : map) keys.push_back(entry.first);
  std::ranges::sort(keys);
  return keys;
}

std::string json_string(std::string_view text) {
  return nlohmann::json(text).dump();
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
  name_process(name);
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
        open(task, {What::row, std::string(event.name), event.at, event.row});
      }
      break;
    case Event::Kind::waiting:
      open(task, {What::await, std::string(event.text), event.at});
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
      open(worker, {What::lifetime, std::string(event.name), event.at, event.row});
      break;
    case Event::Kind::blocked:
      open(worker, {What::blocked, "blocked", event.at});
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
  open(task, {What::lifetime, std::string(event.task), event.at});
  tasks_.insert_or_assign(event.task_number, std::move(task));
}

void ChromeTrace::add_step(const Event& event) {
  begin_object('X', event.task, "step");
  add_thread(kLoopThread);
  add_time("ts", event.since);
  add_time("dur", event.at - event.since);
  end_object();
}

void ChromeTrace::add_wake(const Event& event, const Track& track) {
  begin_object('i', "woke", "wake");
  add_thread(track.async ? kLoopThread : track.id);
  add_time("ts", event.at);
  buffer_ += R"(,"s":"t")";
  if (track.async) {
    buffer_ += R"(,"args":{"task":)";
    buffer_ += json_string(event.task);
    buffer_ += '}';
  }
  end_object();
}

// --- Slices ---

void ChromeTrace::open(Track& track, Slice slice) {
  if (track.async) {
    begin_object('b', slice.name, async_category_);
    add_place(track);
    add_time("ts", slice.since);
    end_object();
  }
  track.open.push_back(std::move(slice));
}

void ChromeTrace::close_to(Track& track, std::size_t place, const End& end) {
  while (track.open.size() > place) {
    const Slice& slice = track.open.back();
    const bool told = slice.what == What::lifetime || slice.what == What::row;
    begin_object(track.async ? 'e' : 'X', slice.name,
                 track.async ? std::string_view(async_category_) : to_string(slice.what));
    add_place(track);
    add_time("ts", track.async ? end.at : slice.since);
    if (!track.async) add_time("dur", end.at - slice.since);
    if (told) add_end(end);
    end_object();
    track.open.pop_back();
  }
}

void ChromeTrace::close_waiting(Track& track, const End& end) {
  if (track.open.empty()) return;
  const What what = track.open.back().what;
  if (what == What::await || what == What::blocked) close_to(track, track.open.size() - 1, end);
}

void ChromeTrace::close_row(Track& track, const Event& event) {
  // A task's own end is that of its lifetime, the outermost.
  const auto found = std::ranges::find(track.open, event.row, &Slice::row);
  if (found == track.open.end()) return;
  const auto place = static_cast<std::size_t>(found - track.open.begin());
  close_to(track, place, {.at = event.at, .state = public_name(event.kind), .error = event.text});
}

std::string_view ChromeTrace::to_string(What what) {
  switch (what) {
    case What::lifetime:
      return "lifetime";
    case What::row:
      return "coroutine";
    case What::await:
      return "await";
    case What::blocked:
      return "blocked";
  }
  return "";
}

// --- Text ---

void ChromeTrace::begin_object(char phase, std::string_view name, std::string_view category) {
  buffer_ += std::exchange(empty_, false) ? "[\n" : ",\n";
  fmt::format_to(std::back_inserter(buffer_), R"({{"ph":"{}","name":)", phase);
  buffer_ += json_string(name);
  if (!category.empty()) {
    fmt::format_to(std::back_inserter(buffer_), R"(,"cat":"{}")", category);
  }
  fmt::format_to(std::back_inserter(buffer_), R"(,"pid":{})", run_);
}

void ChromeTrace::add_place(const Track& track) {
  add_thread(track.async ? kLoopThread : track.id);
  if (track.async) fmt::format_to(std::back_inserter(buffer_), R"(,"id":{})", track.id);
}

void ChromeTrace::add_thread(std::uint64_t tid) {
  fmt::format_to(std::back_inserter(buffer_), R"(,"tid":{})", tid);
}

void ChromeTrace::add_name(std::string_view name) {
  buffer_ += R"(,"args":{"name":)";
  buffer_ += json_string(name);
  buffer_ += '}';
}

void ChromeTrace::add_time(std::string_view key, Duration time) {
  using namespace std::chrono_literals;
  fmt::format_to(std::back_inserter(buffer_), R"(,"{}":{})", key, format_time(time, 1us, {3, 3}));
}

void ChromeTrace::add_end(const End& end) {
  fmt::format_to(std::back_inserter(buffer_), R"(,"args":{{"state":"{}")", end.state);
  if (!end.error.empty()) {
    buffer_ += R"(,"error":)";
    buffer_ += json_string(end.error);
  }
  buffer_ += '}';
}

void ChromeTrace::end_object() {
  buffer_ += '}';
  if (buffer_.size() >= kFlushBytes) flush();
}

void ChromeTrace::name_process(std::string_view name) {
  begin_object('M', "process_name", "");
  add_name(name);
  end_object();
  begin_object('M', "process_sort_index", "");
  fmt::format_to(std::back_inserter(buffer_), R"(,"args":{{"sort_index":{}}})", run_);
  end_object();
}

void ChromeTrace::name_thread(std::uint64_t tid, std::string_view name) {
  begin_object('M', "thread_name", "");
  add_thread(tid);
  add_name(name);
  end_object();
  begin_object('M', "thread_sort_index", "");
  add_thread(tid);
  fmt::format_to(std::back_inserter(buffer_), R"(,"args":{{"sort_index":{}}})", tid);
  end_object();
}

void ChromeTrace::flush() {
  const std::string full = std::exchange(buffer_, {});
  sink_(full);
}

}  // namespace asyncdemo
