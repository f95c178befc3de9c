#include <pthread.h>

#include <asyncio/base/posix.hpp>
#include <asyncio/detail/loop/running_loop.hpp>
#include <asyncio/detail/loop/signal_handlers.hpp>

namespace asyncio::detail {

namespace {

constinit thread_local LoopCore* running = nullptr;

void forget_loops_of_parent() noexcept {
  running = nullptr;
  SignalHandlers::forget_after_fork();
}

}  // namespace

LoopCore* running_loop() noexcept {
  return running;
}

RunningScope::RunningScope(LoopCore& core, bool precise_timers) {
  if (precise_timers) slack_.emplace();
  running = &core;
}

RunningScope::~RunningScope() {
  running = nullptr;
}

void detach_forked_children() {
  static const int registered = ::pthread_atfork(nullptr, nullptr, forget_loops_of_parent);
  if (registered != 0) throw system_call_error(registered, "pthread_atfork");
}

}  // namespace asyncio::detail
