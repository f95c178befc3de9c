#include "run/run_observer.hpp"

#include <utility>

#include "system/streams.hpp"

namespace asyncdemo {

namespace {
/// The row of this thread, if it is a worker.
constinit thread_local RunObserver::Row this_threads_row = Event::kNoRow;

Event::Kind kind_of(asyncio::Observer::Outcome outcome) {
  using Outcome = asyncio::Observer::Outcome;
  if (outcome == Outcome::value) return Event::Kind::done;
  return outcome == Outcome::failed ? Event::Kind::raised : Event::Kind::cancelled;
}

/// Shortens a description: drops the place in the source, and cuts a long list of task names.
std::string in_short(std::string text) {
  constexpr std::size_t kMost = 60;
  if (const auto place = text.find(" made in "); place != std::string::npos) text.resize(place);
  if (text.size() > kMost) text.replace(kMost - 3, std::string::npos, "...");
  return text;
}
}  // namespace

RunObserver::RunObserver(asyncio::ClockKind clock, std::vector<EventSink*> sinks)
    : clock_(clock), sinks_(std::move(sinks)) {}

void RunObserver::enter(asyncio::EventLoop& loop) {
  const std::lock_guard lock(mutex_);
  loop_ = &loop;
  loop_thread_ = std::this_thread::get_id();
}

void RunObserver::leave() {
  const std::lock_guard lock(mutex_);
  left_ = true;
  virtual_elapsed_ = std::exchange(loop_, nullptr)->time().time_since_epoch();
}

Duration RunObserver::elapsed() const noexcept {
  if (clock_ == asyncio::ClockKind::real) return std::chrono::steady_clock::now() - start_;
  return loop_ == nullptr ? virtual_elapsed_ : loop_->time().time_since_epoch();
}

Duration RunObserver::since_start(asyncio::TimePoint time) const noexcept {
  if (clock_ == asyncio::ClockKind::real)
    return time - asyncio::TimePoint(start_.time_since_epoch());
  return time.time_since_epoch();
}

// --- Events ---

void RunObserver::emit(const Event& event) {
  if (failure_ || interrupted_) return;
  try {
    for (EventSink* const sink : sinks_) sink->take(event);
  } catch (const WriteInterrupted&) {
    interrupted_ = stopped_ = true;
  } catch (...) {
    failure_ = std::current_exception();
  }
}

Event RunObserver::event_of(Event::Kind kind, const TaskState& task) const {
  return task.rows.empty() ? event_of_task(kind, task) : event_of(kind, task.rows.back());
}

Event RunObserver::event_of_task(Event::Kind kind, const TaskState& task) const {
  Event event{.kind = kind, .at = elapsed()};
  event.task_number = task.number;
  event.task = task.name;
  return event;
}

Event RunObserver::event_of(Event::Kind kind, Row row) const {
  const RowState& state = rows_[row];
  Event event{.kind = kind, .at = elapsed(), .since = {}, .row = row};
  event.task_number = state.task_number;
  event.task = state.task;
  event.name = state.name;
  event.on_thread = state.on_thread;
  return event;
}

Event RunObserver::event_of_this_thread(Event::Kind kind) const {
  if (this_threads_row != Event::kNoRow) return event_of(kind, this_threads_row);
  if (std::this_thread::get_id() == loop_thread_) {
    if (const TaskState* const task = running_task()) return event_of(kind, *task);
  }
  return {.kind = kind, .at = elapsed()};
}

template <class F>
void RunObserver::guarded(F work) noexcept {
  const std::lock_guard lock(mutex_);
  if (failure_) return;
  try {
    work();
  } catch (...) {
    failure_ = std::current_exception();
  }
}

bool RunObserver::interrupted() const {
  const std::lock_guard lock(mutex_);
  return interrupted_;
}

bool RunObserver::failed() const {
  const std::lock_guard lock(mutex_);
  return failure_ != nullptr;
}

void RunObserver::rethrow_failure() const {
  const std::lock_guard lock(mutex_);
  if (failure_) std::rethrow_exception(failure_);
}

// --- For the scenario ---

void RunObserver::line(std::string_view text) {
  const std::lock_guard lock(mutex_);
  if (stopped_) throw asyncio::CancelledError();
  if (failure_) std::rethrow_exception(failure_);
  Event event = event_of_this_thread(Event::Kind::line);
  event.text = text;
  emit(event);
  if (failure_) std::rethrow_exception(failure_);
  if (interrupted_) throw asyncio::CancelledError();
}

void RunObserver::stop() {
  give_up_writing(true);  // a worker may hold the mutex while it waits for a reader
  const std::lock_guard lock(mutex_);
  give_up_writing(false);
  stopped_ = true;
  if (failure_) return;
  try {
    for (EventSink* const sink : sinks_) sink->interrupt();
  } catch (...) {
    failure_ = std::current_exception();
  }
}

RunObserver::Row RunObserver::add_row(RowState state) {
  const Row row = rows_.size();
  rows_.push_back(std::move(state));
  emit(event_of(Event::Kind::started, row));
  return row;
}

RunObserver::Row RunObserver::start_row(std::string name) {
  const std::lock_guard lock(mutex_);
  TaskState* const task = running_task();
  if (!wants_tasks_ || task == nullptr) return Event::kNoRow;
  const Row row = add_row({std::move(name), task->name, task->number, false});
  task->rows.push_back(row);
  return row;
}

RunObserver::Row RunObserver::start_thread_row(std::string name) {
  const std::lock_guard lock(mutex_);
  if (!wants_tasks_) return Event::kNoRow;
  this_threads_row = add_row({std::move(name), "thread", 0, true});
  return this_threads_row;
}

void RunObserver::thread_blocked() {
  if (this_threads_row == Event::kNoRow) return;
  guarded([&] { emit(event_of(Event::Kind::blocked, this_threads_row)); });
}

void RunObserver::thread_woke() {
  if (this_threads_row == Event::kNoRow) return;
  guarded([&] { emit(event_of(Event::Kind::woke, this_threads_row)); });
}

void RunObserver::end_row(Row row, Event::Kind kind, std::string_view text) {
  if (row == Event::kNoRow) return;
  this_threads_row = Event::kNoRow;
  guarded([&] {
    Event event = event_of(kind, row);
    event.text = text;
    emit(event);
    if (rows_[row].on_thread) return;
    for (TaskState* const task : running_) {
      if (task != nullptr) std::erase(task->rows, row);
    }
  });
}

// --- The loop's callbacks ---

void RunObserver::task_created(asyncio::TaskId task, const std::string& name) noexcept {
  guarded([&] {
    if (left_) return;
    TaskState& state = tasks_[task];
    state.name = name;
    state.number = ++tasks_made_;
    emit(event_of_task(Event::Kind::created, state));
  });
}

void RunObserver::step_began(asyncio::TaskId task, bool cancelled) noexcept {
  guarded([&] {
    const auto found = tasks_.find(task);
    running_.push_back(found == tasks_.end() ? nullptr : &found->second);
    if (found == tasks_.end()) return;
    TaskState& state = found->second;
    const Event resumed = event_of(Event::Kind::resumed, state);
    state.step_began = resumed.at;
    emit(resumed);
    if (!std::exchange(state.started, true)) emit(event_of_task(Event::Kind::started, state));
    if (state.asleep && !cancelled) emit(event_of(Event::Kind::woke, state));
    state.asleep = false;
  });
}

RunObserver::TaskState* RunObserver::end_step() {
  TaskState* const task = running_task();
  if (!running_.empty()) running_.pop_back();
  if (task == nullptr) return nullptr;
  Event step = event_of(Event::Kind::step, *task);
  step.since = task->step_began;
  emit(step);
  return task;
}

void RunObserver::step_ended(asyncio::TaskId /*task*/, const asyncio::Awaited* awaited) noexcept {
  guarded([&] {
    TaskState* const task = end_step();
    if (task == nullptr) return;
    task->asleep = awaited == nullptr || awaited->kind() == asyncio::Awaited::Kind::timer;
    const std::string what = awaited == nullptr ? "the next turn" : in_short(awaited->describe());
    Event event = event_of(Event::Kind::waiting, *task);
    event.asleep = task->asleep;
    event.text = what;
    emit(event);
  });
}

void RunObserver::task_done(asyncio::TaskId task, Outcome outcome) noexcept {
  guarded([&] {
    const TaskState* const state = end_step();
    if (state == nullptr) return;
    emit(event_of_task(kind_of(outcome), *state));
    tasks_.erase(task);
  });
}

void RunObserver::timer_due(asyncio::TimePoint when, asyncio::TimePoint now) noexcept {
  guarded([&] {
    if (left_) return;
    Event event{.kind = Event::Kind::timer, .at = since_start(now), .since = since_start(when)};
    emit(event);
  });
}

void RunObserver::about_to_wait(std::optional<asyncio::TimePoint> when) noexcept {
  guarded([&] {
    if (interrupted_) return;
    try {
      for (EventSink* const sink : sinks_) {
        sink->pause(when ? since_start(*when) : Duration::max());
      }
    } catch (const WriteInterrupted&) {
      interrupted_ = stopped_ = true;
    }
  });
}

}  // namespace asyncdemo
