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

/// The chart of a run, redrawn in place on the terminal that stdout is, with the scenario's lines
/// above it. It adds no timer and no thread: it is drawn when the loop is about to wait, and when
/// something happens on a worker thread.
///
/// Between two drawings the cursor rests on an empty line above the chart: there appears whatever
/// else is written to the terminal, and the next drawing begins below it.
///
/// Lifetime: must not outlive what it is made of.
class LiveChart final : public EventSink {
 public:
  struct Setup {
    ChartStyle style;
    Duration span{0};                   ///< see draw_timeline()
    bool lines = true;                  ///< whether the scenario's lines are shown
    std::function<Duration()> elapsed;  ///< since the start of the run; any thread
  };

  /// `run`: its recording must be told of each event before this is.
  LiveChart(const RunRecord& run, Setup setup);
  /// Erases the chart unless finish() has been called.
  ~LiveChart() override;

  /// Why stdout cannot show it: "stdout is not a terminal"; empty: it can.
  [[nodiscard]] static std::optional<std::string> obstacle();

  void take(const Event& event) override;
  void pause(Duration until) override;
  /// Leaves the terminal to messages; the chart comes back with finish().
  void interrupt() override;

  /// The run has ended: leaves the chart of it all, and the cursor below.
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
  bool finished_ = false;  // or given up
  std::uint64_t drawn_version_ = 0;
  Clock::time_point drawn_at_{};
  Clock::time_point paid_until_{};  // by the drawings so far
};

}  // namespace asyncdemo
