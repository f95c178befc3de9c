#include <asyncio/combine/wait.hpp>
#include <asyncio/loop/event_loop.hpp>
#include <cstddef>
#include <memory>

namespace asyncio::detail {

namespace {

// What the callbacks of one wait() share. Some may still be on their way when it has returned.
struct Waiting {
  Future<void> over;
  TimerHandle timeout;
  ReturnWhen return_when;
  std::size_t left;

  void one_is_done(const AnyFuture& future) {
    --left;
    if (left > 0 && !is_enough(future)) return;
    timeout.cancel();
    end();
  }
  [[nodiscard]] bool is_enough(const AnyFuture& future) const {
    if (return_when == ReturnWhen::first_completed) return true;
    return return_when == ReturnWhen::first_exception && !future.cancelled() &&
           future.exception() != nullptr;
  }
  void end() const {
    if (!over.done()) over.set_result();
  }
};

}  // namespace

Coroutine<void> wait_until(std::vector<AnyFuture> futures, WaitOptions options) {
  if (futures.empty()) throw ValueError("Set of Tasks/Futures is empty.");
  EventLoop& loop = get_running_loop();
  const auto waiting = std::make_shared<Waiting>();
  waiting->over = loop.create_future<void>();
  waiting->return_when = options.return_when;
  waiting->left = futures.size();
  if (options.timeout.limited()) {
    waiting->timeout = loop.call_later(options.timeout.span(), [waiting] { waiting->end(); });
  }
  std::vector<AnyFuture::CallbackId> callbacks;
  callbacks.reserve(futures.size());
  for (const AnyFuture& future : futures) {
    callbacks.push_back(
        future.add_done_callback([waiting](const AnyFuture& done) { waiting->one_is_done(done); }));
  }

  std::exception_ptr error;
  try {
    co_await waiting->over;
  } catch (...) {
    error = std::current_exception();
  }
  waiting->timeout.cancel();
  for (std::size_t i = 0; i < futures.size(); ++i) futures[i].remove_done_callback(callbacks[i]);
  if (error) std::rethrow_exception(std::move(error));
}

}  // namespace asyncio::detail
