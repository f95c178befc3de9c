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

/// A program of the tutorial: its options, its coroutines, its formula.
///
/// Each file of scenarios/ is a whole program, its cycle_print included, so that it can be
/// laid beside the Python one line by line.
///
/// Lifetime: must outlive its run, worker threads included.
class Scenario {
 public:
  Scenario() = default;
  Scenario(const Scenario&) = delete;
  Scenario& operator=(const Scenario&) = delete;
  virtual ~Scenario() = default;

  /// The options beside the common ones; they write into this object.
  [[nodiscard]] virtual std::vector<Option> options() { return {}; }

  /// Python's main().
  [[nodiscard]] virtual asyncio::Coroutine<> main() = 0;

  /// How long the run takes where nothing but the sleeps costs time.
  [[nodiscard]] virtual Duration ideal() const = 0;

  /// The formula with its numbers in seconds, "5 + 5", and the lesson as these options teach it.
  [[nodiscard]] virtual std::string formula() const = 0;
  [[nodiscard]] virtual std::string lesson() const = 0;

  /// Who is told of the next run.
  void tell(RunObserver& observer) { observer_ = &observer; }

 protected:
  [[nodiscard]] int cycles() const { return settings_->cycles; }
  [[nodiscard]] Duration interval() const { return settings_->interval; }

  /// Python's print().
  ///
  /// Throws: asyncio::CancelledError once the run is interrupted, which ends a blocking
  ///         function at its next line; std::system_error when stdout takes no more.
  /// Thread: any.
  template <class... Args>
  void print(fmt::format_string<Args...> format, Args&&... args) {
    observer_->line(fmt::format(format, std::forward<Args>(args)...));
  }

  /// Python's time.sleep(); what row() shows of a thread is blocked meanwhile.
  ///
  /// Thread: a worker.
  void blocking_sleep(Duration span);

  /// `coroutine`, shown as a row of the pictures: it changes nothing else.
  asyncio::Coroutine<> row(std::string name, asyncio::Coroutine<> coroutine);
  /// The same for `function(args...)`, to be called by a worker thread.
  template <class F, class... Args>
  std::function<void()> thread_row(std::string name, F function, Args... args) {
    return [this, name = std::move(name), function, args...] {
      show_thread(name, [&] { std::invoke(function, args...); });
    };
  }

 private:
  /// What row() shows; if that never begins, row() is missed and this is not.
  class Shown {
   public:
    explicit Shown(asyncio::Coroutine<> coroutine) : coroutine_(std::move(coroutine)) {}
    Shown(Shown&&) = default;
    Shown& operator=(Shown&&) = delete;
    ~Shown() { coroutine_.close(); }

    [[nodiscard]] asyncio::Coroutine<> take() { return std::move(coroutine_); }

   private:
    asyncio::Coroutine<> coroutine_;
  };
  asyncio::Coroutine<> show(std::string name, Shown coroutine);
  void show_thread(std::string name, const std::function<void()>& function);

  template <class S>
  friend std::unique_ptr<Scenario> make_scenario(const Settings& settings);

  const Settings* settings_ = nullptr;
  RunObserver* observer_ = nullptr;
};

/// Makes the scenario `S`, which reads the common options from `settings` when it runs.
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
