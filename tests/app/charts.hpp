#pragma once

#include <string>

#include "report/timeline.hpp"
#include "run/run_record.hpp"

namespace asyncdemo_test {

/// Runs a command line and returns its chart, with a newline before it.
[[nodiscard]] std::string chart_of(const std::string& command_line,
                                   const asyncdemo::ChartStyle& style = {});

/// A made-up run with one row, which sleeps from its start on.
struct MadeUp {
  MadeUp(asyncdemo::Duration start, asyncdemo::Duration interval);

  /// Records an event of the row.
  void take(asyncdemo::Event event);
  /// Draws the row, without the columns beside it.
  [[nodiscard]] std::string row(asyncdemo::Duration now, asyncdemo::Duration span) const;
  /// Draws the labels of the axis.
  [[nodiscard]] std::string axis(asyncdemo::Duration now, asyncdemo::Duration span) const;

  asyncdemo::RunRecord run;
};

}  // namespace asyncdemo_test
