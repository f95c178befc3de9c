#pragma once

#include <string>

#include "run/event.hpp"

namespace asyncdemo {

/// `--format jsonl`: an event a line, on standard output, as it happens.
class JsonLines final : public EventSink {
 public:
  /// `scenario` is named in each line where there are several.
  explicit JsonLines(std::string scenario = {}) : scenario_(std::move(scenario)) {}

  void take(const Event& event) override;

 private:
  std::string scenario_;
};

/// The event's name as jsonl and --verbose give it; empty for those that they leave out.
[[nodiscard]] std::string_view public_name(Event::Kind kind);

}  // namespace asyncdemo
