#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "run/event.hpp"
#include "run/run_record.hpp"
#include "system/style.hpp"
#include "values/duration.hpp"

namespace asyncdemo {

/// The chart of a run, redrawn in place on the terminal, with the scenario's lines above it. Needs
/// no timer and no thread: it is drawn when the loop is about to wait and at events of worker
/// threads.
///
/// Between two drawings the cursor rests on an empty line above the chart. Other output to the
/// terminal appears there, and the next drawing begins below it.
///
/// Lifetime: must not outlive the run's record.
class LiveChart final : public EventSink {
 public:
  struct Setup {
    ChartStyle style;
    Duration span{0};                   ///< see draw_timeline()
    bool lines = true;                  ///< show the scenario's lines
    std::function<Duration()> elapsed;  ///< returns the time since the start; called on any thread
  };

  /// REQUIRES: the recording in `run` receives each event before the chart does.
  LiveChart(const RunRecord& run, Setup setup);
  /// Erases the chart unless finish() has been called.
  ~LiveChart() override;

  /// Returns why stdout cannot show a live chart, "stdout is not a terminal", or nothing if it can.
  [[nodiscard]] static std::optional<std::string> obstacle();

  void take(const Event& event) override;
  void pause(Duration until) override;
  /// Erases the chart to make room for messages; finish() draws it again.
  void interrupt() override;

  /// Draws the chart of the finished run and leaves the cursor below it.
  ///
  /// Throws: std::system_error.
  void finish();

 private:
  using Clock = std::chrono::steady_clock;

  void write(std::string_view line);
  void draw(std::string_view line);
  [[nodiscard]] std::string chart() const;
  [[nodiscard]] bool may_draw() const;

  const RunRecord& run_;
  const Setup setup_;
  bool shown_ = false;     // the chart is on the screen
  bool finished_ = false;  // or interrupted
  std::uint64_t drawn_version_ = 0;
  Clock::time_point drawn_at_{};
  Clock::time_point paid_until_{};  // see kPrice
};

}  // namespace asyncdemo
