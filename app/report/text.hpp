#pragma once

#include "run/event.hpp"

namespace asyncdemo {

/// The tool's plain output: a scenario's lines as they happen.
class TextOutput final : public EventSink {
 public:
  void take(const Event& event) override;
};

}  // namespace asyncdemo
