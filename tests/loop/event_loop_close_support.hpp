#pragma once

#include <memory>

#include "asyncio/loop/event_loop.hpp"
#include "support/async_test.hpp"
#include "support/live.hpp"

namespace asyncio::loop_close {

using test::Live;

/// Creates a loop that ignores reports, because a closing loop reports its pending tasks.
inline std::unique_ptr<EventLoop> quiet_loop() {
  auto loop = std::make_unique<EventLoop>(test::virtual_clock());
  loop->set_exception_handler([](EventLoop&, const ExceptionContext&) {});
  return loop;
}

inline void run_for(EventLoop& loop, Duration time) {
  loop.call_later(time, [&loop] { loop.stop(); });
  loop.run_forever();
}

inline Coroutine<void> sleep_for(Duration time, Live /*live*/) {
  co_await sleep(time);
}
inline Coroutine<void> await_future(Future<void> future, Live /*live*/) {
  co_await future;
}
inline Coroutine<void> await_task(Task<void> task, Live /*live*/) {
  co_await task;
}
inline Coroutine<void> nested(int depth, Live live) {
  if (depth > 0) {
    co_await nested(depth - 1, live);
  } else {
    co_await test::for_ever();
  }
}

}  // namespace asyncio::loop_close
