#pragma once

#include <asyncio/detail/loop/running_loop.hpp>

namespace asyncio::detail {

/// The state of a loop (running, closed, or neither), and the checks of calls against it.
class LoopState {
 public:
  explicit LoopState(const LoopCore& core) noexcept;

  [[nodiscard]] bool is_running() const noexcept { return running_; }
  [[nodiscard]] bool is_closed() const noexcept { return closed_; }
  [[nodiscard]] bool debug() const noexcept { return debug_; }
  /// Returns whether this process created the loop; false in a forked child.
  [[nodiscard]] bool is_of_this_process() const noexcept;

  void set_running(bool on) noexcept { running_ = on; }
  void set_closed() noexcept { closed_ = guarded_ = true; }
  void set_debug(bool on) noexcept {
    debug_ = on;
    guarded_ = closed_ || debug_;
  }

  /// Checks that the loop can be used.
  ///
  /// Throws:   RuntimeError if the loop is closed; in debug mode, also on the wrong thread or in a
  ///           forked child.
  void check_open() const {
    if (guarded_) check_guarded();
  }
  /// Checks that the loop can run.
  ///
  /// Throws:   RuntimeError if it is closed or running, or if another loop runs on this thread.
  void check_runnable() const;

 private:
  void check_guarded() const;

  const LoopCore& core_;
  long process_;  // the process that created the loop
  bool running_ = false;
  bool closed_ = false;
  bool debug_ = false;
  bool guarded_ = false;  // closed or in debug mode: check_open() has more to check
};

}  // namespace asyncio::detail
