#pragma once

#include "run/event.hpp"

namespace asyncdemo {

/// The plain output: the scenario's lines, as it prints them.
class TextOutput final : public EventSink {
 public:
  void take(const Event& event) override;
};

}  // namespace asyncdemo
