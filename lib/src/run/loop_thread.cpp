#include <asyncio/loop/event_loop.hpp>
#include <asyncio/run/loop_thread.hpp>
#include <utility>

namespace asyncio {
namespace {

/// True while this thread belongs to a LoopThread and runs its loop. A request to stop takes effect
/// only then, because a late or repeated request must not end the clean-up.
constinit thread_local bool serving = false;

struct Serving {
  Serving() { serving = true; }
  Serving(const Serving&) = delete;
  Serving& operator=(const Serving&) = delete;
  ~Serving() { serving = false; }
};

}  // namespace

LoopThread::LoopThread(RunOptions options) {
  options.handle_sigint(false);
  std::promise<void> promise;
  std::future<void> started = promise.get_future();
  // The new thread owns the promise, because set_value() may still use it when get() returns.
  thread_ = std::thread(&LoopThread::serve, this, std::move(promise), std::move(options));
  try {
    started.get();
  } catch (...) {
    thread_.join();
    throw;
  }
}

LoopThread::~LoopThread() {
  try {
    stop();
  } catch (...) {
    ExceptionContext context;
    context.message = "an error ended a LoopThread";
    context.exception = std::current_exception();
    EventLoop::default_exception_handler(context);
  }
}

void LoopThread::serve(std::promise<void> started, RunOptions options) noexcept {
  bool has_started = false;
  try {
    Runner runner(std::move(options));
    EventLoop& loop = runner.get_loop();
    handle_.emplace(loop.handle());
    loop.call_soon([&] {
      has_started = true;
      started.set_value();
    });
    {
      const Serving until_stopped;
      loop.run_forever();
    }
    runner.close();
  } catch (...) {
    error_ = std::current_exception();
  }
  if (!has_started) started.set_exception(std::exchange(error_, nullptr));
}

void LoopThread::ask_to_stop() const {
  try {
    handle_->call_soon_threadsafe([] {
      if (serving) get_running_loop().stop();
    });
  } catch (const RuntimeError&) {
    return;  // the loop is already closed
  }
}

void LoopThread::stop() {
  if (!thread_.joinable()) return;
  if (thread_.get_id() == std::this_thread::get_id()) {
    throw RuntimeError("a LoopThread cannot be stopped from its own thread");
  }
  ask_to_stop();
  thread_.join();
  if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
}

}  // namespace asyncio
