#pragma once

#include "run/event.hpp"
#include "run/run_record.hpp"

namespace asyncdemo {

/// The output of `--verbose`: the plan and the events, on standard error.
class VerboseOutput final : public EventSink {
 public:
  /// Writes the plan.
  explicit VerboseOutput(const RunRecord& plan);

  void take(const Event& event) override;

 private:
  bool wrote_backend_ = false;
};

}  // namespace asyncdemo
