#include "report/progress.hpp"

#include <fmt/format.h>
#include <pthread.h>
#include <unistd.h>

#include <csignal>
#include <system_error>

#include "report/streams.hpp"

namespace asyncdemo {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

constexpr auto kPatience = 2s;
constexpr auto kBetweenTwo = 500ms;

/// Keeps signals from the threads that are made while it lives: they are the loop's.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;
  ~SignalsBlocked() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_{};
};

std::int64_t whole_seconds(Duration d) {
  return std::chrono::duration_cast<std::chrono::seconds>(d).count();
}

}  // namespace

Progress::Progress(std::string scenario, std::optional<Duration> expected, bool lines)
    : scenario_(std::move(scenario)), expected_(expected), lines_(lines) {
  if (::isatty(STDERR_FILENO) == 0) return;
  const SignalsBlocked blocked;
  try {
    thread_ = std::thread([this] { watch(); });
  } catch (const std::system_error&) {
    ended_ = true;  // the run goes on without
  }
}

Progress::~Progress() {
  end();
}

void Progress::end() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    wipe();
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Progress::take(const Event& event) {
  if (!lines_ || event.kind != Event::Kind::line) return;
  const std::lock_guard lock(mutex_);
  quiet_since_ = steady_clock::now();
  wipe();
}

void Progress::watch() {
  std::unique_lock lock(mutex_);
  while (!ended_) {
    const auto next = shown_ ? steady_clock::now() + kBetweenTwo : quiet_since_ + kPatience;
    changed_.wait_until(lock, next);
    if (!ended_ && steady_clock::now() >= quiet_since_ + kPatience) show();
  }
}

void Progress::show() {
  const Duration elapsed = steady_clock::now() - start_;
  const std::string limit = expected_ ? fmt::format(" of {} s", short_seconds(*expected_)) : "";
  (void)write_all(
      STDERR_FILENO,  // what cannot be shown is not missed
      fmt::format("\r\x1b[Kasyncdemo: {}: {} s{}", scenario_, whole_seconds(elapsed), limit));
  shown_ = true;
}

void Progress::wipe() {
  if (!shown_) return;
  (void)write_all(STDERR_FILENO, "\r\x1b[K");  // as above
  shown_ = false;
}

}  // namespace asyncdemo
