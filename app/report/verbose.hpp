#pragma once

#include "run/event.hpp"
#include "run/run_record.hpp"

namespace asyncdemo {

/// `--verbose`: what is planned, and what happens, on standard error.
class VerboseOutput final : public EventSink {
 public:
  /// Tells the plan.
  explicit VerboseOutput(const RunRecord& plan);

  void take(const Event& event) override;

 private:
  bool told_backend_ = false;
};

}  // namespace asyncdemo
