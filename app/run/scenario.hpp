#pragma once

#include <fmt/format.h>

#include <asyncio/asyncio.hpp>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "run/run_observer.hpp"
#include "values/duration.hpp"
#include "values/option.hpp"
#include "values/settings.hpp"

namespace asyncdemo {

/// A tutorial program: its options, its coroutines, its formula.
///
/// Each file of scenarios/ is a complete program with its own cycle_print, so that it can be
/// compared line by line with the Python one.
///
/// Lifetime: must outlive its run, worker threads included.
class Scenario {
 public:
  Scenario() = default;
  Scenario(const Scenario&) = delete;
  Scenario& operator=(const Scenario&) = delete;
  virtual ~Scenario() = default;

  /// Returns the scenario's own options, which write into this object.
  [[nodiscard]] virtual std::vector<Option> options() { return {}; }

  /// Runs the program, as Python's main() does.
  [[nodiscard]] virtual asyncio::Coroutine<> main() = 0;

  /// Returns how long the run takes if only the sleeps cost time.
  [[nodiscard]] virtual Duration ideal() const = 0;

  /// Returns the formula with its numbers, in seconds: "5 + 5".
  [[nodiscard]] virtual std::string formula() const = 0;
  /// Returns the lesson for the options that are set.
  [[nodiscard]] virtual std::string lesson() const = 0;

  /// Sets the observer of the next run.
  void set_observer(RunObserver& observer) { observer_ = &observer; }

 protected:
  [[nodiscard]] int cycles() const { return settings_->cycles; }
  [[nodiscard]] Duration interval() const { return settings_->interval; }

  /// Prints a line, as Python's print() does.
  ///
  /// Throws: asyncio::CancelledError once the run is interrupted, which ends a blocking
  ///         function at its next line; std::system_error if stdout cannot be written.
  /// Thread: any.
  template <class... Args>
  void print(fmt::format_string<Args...> format, Args&&... args) {
    observer_->line(fmt::format(format, std::forward<Args>(args)...));
  }

  /// Sleeps as Python's time.sleep() does; the row of the thread is shown as blocked.
  ///
  /// Thread: a worker thread.
  void blocking_sleep(Duration span);

  /// Wraps `coroutine` so that pictures show it as a row. Nothing else changes.
  asyncio::Coroutine<> row(std::string name, asyncio::Coroutine<> coroutine);
  /// Wraps `function(args...)` in the same way, for a worker thread to call.
  template <class F, class... Args>
  std::function<void()> thread_row(std::string name, F function, Args... args) {
    return [this, name = std::move(name), function, args...] {
      show_thread(name, [&] { std::invoke(function, args...); });
    };
  }

 private:
  /// A coroutine that is closed if it has not begun. If a row never begins, the error "was never
  /// awaited" is therefore reported only for the row.
  class CloseOnDrop {
   public:
    explicit CloseOnDrop(asyncio::Coroutine<> coroutine) : coroutine_(std::move(coroutine)) {}
    CloseOnDrop(CloseOnDrop&&) = default;
    CloseOnDrop& operator=(CloseOnDrop&&) = delete;
    ~CloseOnDrop() { coroutine_.close(); }

    [[nodiscard]] asyncio::Coroutine<> take() { return std::move(coroutine_); }

   private:
    asyncio::Coroutine<> coroutine_;
  };
  asyncio::Coroutine<> show(std::string name, CloseOnDrop coroutine);
  void show_thread(std::string name, const std::function<void()>& function);

  template <class S>
  friend std::unique_ptr<Scenario> make_scenario(const Settings& settings);

  const Settings* settings_ = nullptr;
  RunObserver* observer_ = nullptr;
};

/// Creates the scenario `S`, which reads the common options from `settings` when it runs.
template <class S>
std::unique_ptr<Scenario> make_scenario(const Settings& settings) {
  auto scenario = std::make_unique<S>();
  scenario->Scenario::settings_ = &settings;
  return scenario;
}

/// A scenario's row in the table.
struct ScenarioInfo {
  std::string_view name;
  std::string_view lesson;   ///< in one line
  std::string_view formula;  ///< of its ideal duration, with N cycles and interval I
  std::unique_ptr<Scenario> (*make)(const Settings& settings);
};

}  // namespace asyncdemo
