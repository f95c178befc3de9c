// A service that shuts down cleanly on request: lib/doc/howto.md.
#include <asyncio/asyncio.hpp>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <string>
#include <utility>

#include "expect.hpp"

namespace aio = asyncio;
using namespace std::chrono_literals;

namespace {

// [service]
aio::Coroutine<void> worker(aio::Queue<int>& jobs) {
  try {
    while (true) {
      int job = co_await jobs.get();
      co_await aio::sleep(1ms);
      log("job " + std::to_string(job));
      jobs.task_done();
    }
  } catch (const aio::CancelledError&) {
    log("worker ends");
    throw;
  }
}

aio::Coroutine<void> serve() {
  aio::EventLoop& loop = aio::get_running_loop();
  aio::Event asked_to_stop;
  loop.add_signal_handler(SIGTERM, [&asked_to_stop] { asked_to_stop.set(); });

  aio::Queue<int> jobs;
  auto task = aio::create_task(worker(jobs));
  for (int job = 1; job <= 3; ++job) jobs.put_nowait(job);
  std::raise(SIGTERM);  // here the program signals itself

  co_await asked_to_stop.wait();
  loop.remove_signal_handler(SIGTERM);  // a second SIGTERM ends the process
  log("draining");
  try {
    co_await aio::wait_for(jobs.join(), 5s);  // finish the accepted jobs, within a limit
  } catch (const aio::TimeoutError&) {
    log("gave up");
  }
  task.cancel();
  (void)co_await aio::as_result(task);
}
// [/service]

aio::Coroutine<void> interrupt_yourself() {
  std::raise(SIGINT);  // as Ctrl-C does
  co_await aio::sleep(1h);
}

// [interrupt]
int status_of(aio::Coroutine<void> main) {
  try {
    aio::run(std::move(main));
    return EXIT_SUCCESS;
  } catch (const aio::KeyboardInterrupt&) {
    return 128 + SIGINT;  // the status that a shell gives an interrupted program
  }
}
// [/interrupt]

}  // namespace

int main() {
  expect(status_of(serve()) == EXIT_SUCCESS);
  expect(taken_log() == Lines{"draining", "job 1", "job 2", "job 3", "worker ends"});
  expect(status_of(interrupt_yourself()) == 130);
}
