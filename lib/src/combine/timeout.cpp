#include <array>
#include <asyncio/combine/timeout.hpp>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <utility>

namespace asyncio {

namespace {

/// Formats a time in seconds, with milliseconds: "5.250".
std::string in_seconds(TimePoint time) {
  std::array<char, 32> text{};
  const std::chrono::duration<double> seconds = time.time_since_epoch();
  const int length = std::snprintf(text.data(), text.size(), "%.3f", seconds.count());
  return {text.data(), static_cast<std::size_t>(length)};
}

}  // namespace

void Timeout::enter() {
  if (state_ != State::created) throw RuntimeError("Timeout has already been entered");
  detail::LoopCore& core = get_running_loop().core();
  task_ = core.tasks().current;
  if (task_ == nullptr) throw RuntimeError("Timeout should be used inside a task");
  state_ = State::entered;
  cancelling_before_ = task_->cancelling();
  const TimePoint now = core.now_for_timer();
  if (limit_.limited()) when_ = add_saturated(now, limit_.span());
  set_alarm(core, now);
}

void Timeout::reschedule(std::optional<TimePoint> when) {
  check_active();
  when_ = when;
  silence();
  detail::LoopCore& core = get_running_loop().core();
  set_alarm(core, core.now_for_timer());
}

void Timeout::check_active() const {
  switch (state_) {
    case State::entered:
      return;
    case State::created:
      throw RuntimeError("Timeout has not been entered");
    case State::expiring:
      throw RuntimeError("Cannot change state of expiring Timeout");
    case State::expired:
      throw RuntimeError("Cannot change state of expired Timeout");
    case State::exited:
      throw RuntimeError("Cannot change state of finished Timeout");
  }
}

void Timeout::set_alarm(detail::LoopCore& core, TimePoint now) {
  if (!when_) return;
  if (*when_ <= now) {
    soon_ = Handle(core.call_soon(&Timeout::expire, this));
  } else {
    core.arm(alarm_, *when_);
  }
}

void Timeout::expire() {
  task_->cancel(nullptr);
  state_ = State::expiring;
}

void Timeout::leave(const std::exception_ptr& error) {
  silence();
  if (state_ != State::expiring) {
    state_ = State::exited;
    return;
  }
  state_ = State::expired;
  // If another cancel request is pending, the CancelledError may belong to that request.
  const bool ours = task_->uncancel() <= cancelling_before_;
  if (ours && is_cancelled_error(error)) throw TimeoutError("timed out", error);
}

void Timeout::abandon() noexcept {
  silence();
  if (state_ == State::entered) state_ = State::exited;
  if (state_ == State::expiring) state_ = State::expired;
}

void Timeout::Alarm::run() noexcept {
  detail::LoopCore& core = timeout_.task_->core();
  std::exception_ptr error;
  try {
    timeout_.expire();
  } catch (...) {
    error = std::current_exception();
  }
  if (error) core.callback_failed(std::move(error));
}

std::string to_string(const Timeout& timeout) {
  const auto name = [&] {
    switch (timeout.state_) {
      case Timeout::State::created:
        return "created";
      case Timeout::State::entered:
        return "active";
      case Timeout::State::expiring:
        return "expiring";
      case Timeout::State::expired:
        return "expired";
      case Timeout::State::exited:
        return "finished";
    }
    return "";
  };
  std::string text = std::string("<Timeout [") + name() + "]";
  if (timeout.state_ == Timeout::State::entered) {
    text += " when=" + (timeout.when_ ? in_seconds(*timeout.when_) : "never");
  }
  return text + ">";
}

}  // namespace asyncio
