#include "run/recording.hpp"

#include <array>

namespace asyncdemo {

std::string_view to_string(RowState state) {
  static constexpr std::array<std::string_view, 5> kNames{"unfinished", "blocked", "done",
                                                          "cancelled", "raised"};
  return kNames[static_cast<std::size_t>(state)];
}

// --- WakeCounts ---

void WakeCounts::add(Duration at) {
  if (!moments_.empty() && at - moments_.back().at < resolution_) {
    ++moments_.back().count;
    return;
  }
  moments_.push_back({at, 1});
  if (moments_.size() > kMost) merge_neighbours();
}

void WakeCounts::merge_neighbours() {
  while (moments_.size() > kMost / 2) {
    resolution_ *= 2;
    std::vector<Moment> merged;
    for (const Moment& moment : moments_) {
      if (!merged.empty() && moment.at - merged.back().at < resolution_) {
        merged.back().count += moment.count;
      } else {
        merged.push_back(moment);
      }
    }
    moments_ = std::move(merged);
  }
}

// --- Recording ---

void Recording::take(const Event& event) {
  if (event.kind == Event::Kind::timer) {
    lateness_.add(event.at - event.since);
    return;
  }
  if (event.row == Event::kNoRow) return;
  if (event.row == rows_.size()) {
    start(event);
    return;
  }
  Row& row = rows_[event.row];
  switch (event.kind) {
    case Event::Kind::woke:
      wake(row, event);
      break;
    case Event::Kind::waiting:
      change(row, event.at, event.asleep ? Doing::sleeping : Doing::awaiting);
      break;
    case Event::Kind::blocked:
      row.state = RowState::blocked;
      change(row, event.at, Doing::blocked);
      break;
    case Event::Kind::done:
      end(row, event.at, RowState::done);
      break;
    case Event::Kind::cancelled:
      end(row, event.at, RowState::cancelled);
      break;
    case Event::Kind::raised:
      end(row, event.at, RowState::raised);
      break;
    default:
      return;
  }
  ++version_;
}

void Recording::start(const Event& event) {
  Row row;
  row.name = event.name;
  row.task = event.task;
  row.start = row.end = event.at;
  rows_.push_back(std::move(row));
  if (rows_.size() <= kDrawnRows) rows_.back().changes.push_back({event.at, Doing::running});
  ++version_;
}

void Recording::change(Row& row, Duration at, Doing doing) {
  row.end = at;
  if (row.changes.empty() || row.changes.back().doing == doing) return;
  // A worker that goes on as before its wake has not changed.
  const bool resumed = row.changes.back().doing == Doing::awaiting && row.changes.size() > 1 &&
                       row.changes[row.changes.size() - 2].doing == doing &&
                       row.last_woke == row.changes.back().at;
  if (resumed) {
    row.changes.pop_back();
    return;
  }
  if (row.changes.size() < kMostWakes) row.changes.push_back({at, doing});
}

void Recording::wake(Row& row, const Event& event) {
  ++row.wakes;
  row.end = row.last_woke = event.at;
  if (!event.on_thread) awake_.add(event.at);
  if (event.on_thread) {
    row.state = RowState::unfinished;
    change(row, event.at, Doing::awaiting);
  }
  if (row.changes.empty() || row.dense) return;
  row.woke.push_back(event.at);
  if (row.woke.size() <= kMostWakes) return;
  row.dense = true;
  row.woke.clear();
}

void Recording::end(Row& row, Duration at, RowState state) {
  row.end = at;
  row.state = state;
}

}  // namespace asyncdemo
