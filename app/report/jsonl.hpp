#pragma once

#include <string>

#include "run/event.hpp"

namespace asyncdemo {

/// The output of `--format jsonl`: an event per line on standard output, as it happens.
class JsonLines final : public EventSink {
 public:
  /// Names `scenario` in each line. For a single run it is empty and left out.
  explicit JsonLines(std::string scenario = {}) : scenario_(std::move(scenario)) {}

  void take(const Event& event) override;

 private:
  std::string scenario_;
};

/// Returns the name of an event in jsonl and --verbose, or nothing for an event that both leave
/// out.
[[nodiscard]] std::string_view public_name(Event::Kind kind);

}  // namespace asyncdemo
