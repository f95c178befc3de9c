#include <asyncio/combine/wait.hpp>
#include <asyncio/loop/event_loop.hpp>
#include <asyncio/task/waiter.hpp>
#include <cstddef>
#include <memory>

namespace asyncio::detail {

namespace {

// What the callbacks of one wait() share. Some may still be on their way when it has returned.
class Waiting final : public Waiter {
 public:
  Waiting(std::vector<AnyFuture> futures, ReturnWhen return_when)
      : Waiter("wait()"),
        futures_(std::move(futures)),
        return_when_(return_when),
        left_(futures_.size()) {}

  [[nodiscard]] std::string describe() const override {
    WaitText text("wait() of");
    for (const AnyFuture& future : futures_) text.add(*future.state());
    return text.take();
  }

  static void begin(const std::shared_ptr<Waiting>& self, TimeLimit timeout) {
    if (timeout.limited()) {
      self->timeout_ = get_running_loop().call_later(timeout.span(), [self] { self->wake(); });
    }
    self->callbacks_.reserve(self->futures_.size());
    for (const AnyFuture& future : self->futures_) {
      self->callbacks_.push_back(
          future.add_done_callback([self](const AnyFuture& done) { self->one_is_done(done); }));
    }
  }

  void end() {
    timeout_.cancel();
    for (std::size_t i = 0; i < callbacks_.size(); ++i) {  // fewer if begin() threw
      futures_[i].remove_done_callback(callbacks_[i]);
    }
    callbacks_.clear();
    futures_.clear();
  }

 private:
  void one_is_done(const AnyFuture& future) {
    --left_;
    if (left_ == 0 || is_enough(future)) wake();
  }
  [[nodiscard]] bool is_enough(const AnyFuture& future) const {
    if (return_when_ == ReturnWhen::first_completed) return true;
    return return_when_ == ReturnWhen::first_exception && !future.cancelled() &&
           future.exception() != nullptr;
  }

  std::vector<AnyFuture> futures_;
  std::vector<AnyFuture::CallbackId> callbacks_;
  TimerHandle timeout_;
  ReturnWhen return_when_;
  std::size_t left_;
};

/// Ends the wait also when the frame that waits is destroyed.
struct EndOfWait {
  explicit EndOfWait(Waiting& ended) noexcept : waiting(ended) {}
  EndOfWait(const EndOfWait&) = delete;
  EndOfWait& operator=(const EndOfWait&) = delete;
  ~EndOfWait() { waiting.end(); }
  Waiting& waiting;
};

}  // namespace

Coroutine<void> wait_until(std::vector<AnyFuture> futures, WaitOptions options) {
  if (futures.empty()) throw ValueError("Set of Tasks/Futures is empty.");
  const auto waiting = std::make_shared<Waiting>(std::move(futures), options.return_when);
  const EndOfWait end(*waiting);
  Waiting::begin(waiting, options.timeout);
  co_await *waiting;
}

}  // namespace asyncio::detail
