#include "trace_checker.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace asyncdemo_test {
namespace {

using nlohmann::json;
using Place = std::pair<int, int>;  // pid and tid

struct TraceSlice {
  std::int64_t begin_ns;
  std::int64_t end_ns;
  std::string name;
};

std::int64_t in_ns(const json& microseconds) {
  return std::llround(microseconds.get<double>() * 1000);
}

class TraceChecker {
 public:
  std::vector<std::string> check(const json& trace) {
    for (const json& event : trace) take(event);
    for (auto& [place, slices] : slices_) check_nesting(slices);
    for (const auto& [key, open] : async_) {
      if (!open.empty()) complain("never ends", key);
    }
    for (const Place& place : used_) {
      if (!named_.contains(place)) complain("no thread_name", std::to_string(place.second));
      if (!sorted_.contains(place)) complain("no thread_sort_index", std::to_string(place.second));
      if (!processes_.contains(place.first)) complain("no process_name", "");
    }
    return std::move(errors_);
  }

 private:
  void complain(const std::string& what, const std::string& whose) {
    errors_.push_back(what + ": " + whose);
  }

  void take(const json& event) {
    const auto phase = event.at("ph").get<std::string>();
    const int pid = event.at("pid").get<int>();
    if (phase == "M") return take_name(event, pid);
    const Place place(pid, event.at("tid").get<int>());
    used_.insert(place);
    const std::int64_t at = in_ns(event.at("ts"));
    const auto name = event.at("name").get<std::string>();
    if (at < 0) complain("before the start", name);
    if (phase == "X") {
      const std::int64_t span = in_ns(event.at("dur"));
      if (span < 0) complain("negative duration", name);
      slices_[place].push_back({at, at + span, name});
    } else if (phase == "b" || phase == "e") {
      take_async(event, phase == "b", at);
    } else if (phase == "i") {
      if (event.at("s") != "t") complain("scope of an instant", name);
    } else {
      complain("unknown phase", phase);
    }
  }

  void take_name(const json& event, int pid) {
    const auto name = event.at("name").get<std::string>();
    const json& args = event.at("args");
    if (name == "process_name" && args.at("name").is_string()) processes_.insert(pid);
    if (name == "thread_name" && args.at("name").is_string()) {
      if (!named_.emplace(pid, event.at("tid").get<int>()).second) complain("named twice", name);
    }
    if (name == "thread_sort_index" && args.at("sort_index").is_number()) {
      sorted_.emplace(pid, event.at("tid").get<int>());
    }
  }

  void take_async(const json& event, bool begins, std::int64_t at) {
    const std::string key =
        event.at("cat").get<std::string>() + "/" + std::to_string(event.at("id").get<int>());
    auto& open = async_[key];
    const auto name = event.at("name").get<std::string>();
    if (begins) {
      if (!open.empty() && at < open.back().begin_ns) complain("begins before its parent", key);
      open.push_back({at, at, name});
    } else if (open.empty() || open.back().name != name) {
      complain("ends what is not open", key + " " + name);
    } else {
      if (at < open.back().begin_ns) complain("ends before it begins", key);
      open.pop_back();
    }
  }

  void check_nesting(std::vector<TraceSlice>& slices) {
    std::ranges::sort(slices, [](const TraceSlice& a, const TraceSlice& b) {
      return a.begin_ns != b.begin_ns ? a.begin_ns < b.begin_ns : a.end_ns > b.end_ns;
    });
    std::vector<TraceSlice> open;
    for (const TraceSlice& slice : slices) {
      while (!open.empty() && open.back().end_ns <= slice.begin_ns) open.pop_back();
      if (!open.empty() && slice.end_ns > open.back().end_ns) {
        complain("outlasts what it is in", slice.name + " in " + open.back().name);
      }
      open.push_back(slice);
    }
  }

  std::vector<std::string> errors_;
  std::map<Place, std::vector<TraceSlice>> slices_;
  std::map<std::string, std::vector<TraceSlice>> async_;
  std::set<Place> used_;
  std::set<Place> named_;
  std::set<Place> sorted_;
  std::set<int> processes_;
};

}  // namespace

std::vector<std::string> trace_errors(const nlohmann::json& trace) {
  return TraceChecker().check(trace);
}

}  // namespace asyncdemo_test
