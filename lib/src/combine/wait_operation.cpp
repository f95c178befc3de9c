#include <asyncio/base/error.hpp>
#include <asyncio/detail/combine/wait_operation.hpp>
#include <asyncio/detail/loop/loop_core.hpp>
#include <asyncio/detail/loop/timer_queue.hpp>
#include <asyncio/detail/task/done_link.hpp>
#include <asyncio/detail/task/frame_wait.hpp>
#include <asyncio/detail/task/wait_description.hpp>
#include <asyncio/loop/event_loop.hpp>
#include <cstddef>
#include <string>

namespace asyncio::detail {

namespace {

/// The state of one wait() call, in its coroutine's frame.
class WaitOperation final : public FrameWait, public DoneListener, public Timer {
 public:
  explicit WaitOperation(ReturnWhen return_when)
      : core_(get_running_loop().core()), return_when_(return_when) {}
  ~WaitOperation() { core_.disarm(*this); }

  void begin(const std::vector<AnyFuture>& futures, TimeLimit timeout) {
    if (timeout.limited()) core_.arm(*this, add_saturated(core_.now_for_timer(), timeout.span()));
    links_.reserve(futures.size());
    for (const AnyFuture& future : futures) {
      links_.emplace_back(new DoneLink(Ref<FutureBase>(&future.checked())))->listen(*this);
    }
    left_ = links_.size();
  }

  [[nodiscard]] std::string describe() const override {
    WaitDescription text("wait() of");
    for (const DoneLinkPtr& link : links_) text.add(link->future());
    return text.take();
  }

  void run() noexcept override { wake(); }  // at the timeout
  void discard() noexcept override {}

 private:
  void future_done(DoneLink& link) noexcept override {
    if (--left_ == 0 || is_enough(link.future())) wake();
  }
  [[nodiscard]] bool is_enough(FutureBase& future) const {
    if (return_when_ == ReturnWhen::first_completed) return true;
    if (return_when_ != ReturnWhen::first_exception) return false;
    if (future.state() != FutureBase::State::failed) return false;
    future.mark_retrieved();
    return true;
  }

  LoopCore& core_;
  std::vector<DoneLinkPtr> links_;
  ReturnWhen return_when_;
  std::size_t left_ = 0;
};

}  // namespace

Coroutine<void> wait_until(std::vector<AnyFuture> futures, TimeLimit timeout,
                           ReturnWhen return_when) {
  if (futures.empty()) throw ValueError("Set of Tasks/Futures is empty.");
  WaitOperation operation(return_when);
  operation.begin(futures, timeout);
  co_await operation.until_woken();
}

}  // namespace asyncio::detail
