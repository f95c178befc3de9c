#include "report/progress.hpp"

#include <fmt/format.h>
#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <system_error>
#include <utility>

#include "report/columns.hpp"
#include "system/streams.hpp"
#include "system/terminal.hpp"

namespace asyncdemo {
namespace {

using namespace std::chrono_literals;

constexpr auto kPatience = 2s;
constexpr auto kBetweenTwo = 500ms;

/// Blocks all signals for threads started while it exists: signals are for the loop's thread.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    (void)::pthread_sigmask(SIG_SETMASK, &all, &before_);  // cannot fail
  }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;
  ~SignalsBlocked() { (void)::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_{};
};

/// Returns true if standard error is a terminal whose foreground program is this one.
bool is_watched() {
  return obstacle_to_redrawing(STDERR_FILENO).empty() && ::tcgetpgrp(STDERR_FILENO) == ::getpgrp();
}

}  // namespace

Progress::Progress() {
  if (!is_watched()) return;
  const SignalsBlocked blocked;
  try {
    thread_ = std::thread([this] { show_when_silent(); });
  } catch (const std::system_error&) {
    ended_ = true;  // the run goes on without progress
  }
}

void Progress::begin_run(std::string scenario, std::optional<Duration> expected) {
  const std::lock_guard lock(mutex_);
  scenario_ = std::move(scenario);
  expected_ = expected;
  start_ = Clock::now();
}

void Progress::end() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  changed_.notify_all();
  if (!thread_.joinable()) return;
  thread_.join();
  wipe_transient();
}

void Progress::show_when_silent() {
  const Clock::time_point began = Clock::now();
  std::unique_lock lock(mutex_);
  while (!ended_) {
    const auto silent_since = std::max(began, last_written());
    const auto now = Clock::now();
    const bool is_silent = now >= silent_since + kPatience;
    if (is_silent && is_watched()) show();
    changed_.wait_until(lock, is_silent ? now + kBetweenTwo : silent_since + kPatience);
  }
}

void Progress::show() const {
  const auto elapsed = std::chrono::duration_cast<std::chrono::seconds>(Clock::now() - start_);
  std::string line = fmt::format("asyncdemo: {}: {} s", scenario_, elapsed.count());
  if (expected_) line += fmt::format(" of {} s", short_seconds(*expected_));
  const TerminalSize size = terminal_size(STDERR_FILENO).value_or(kUsualSize);
  show_transient(fit(line, size.columns - 1, true));
}

}  // namespace asyncdemo
