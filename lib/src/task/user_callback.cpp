#include <asyncio/detail/task/user_callback.hpp>
#include <asyncio/loop/event_loop.hpp>
#include <exception>

namespace asyncio::detail {

void UserCallback::run() noexcept {
  Ref<FutureBase> future(future_);
  future_->release();  // the reference taken at the future's end; `future` holds another
  EventLoop* const loop = future->loop();
  {
    const ContextScope scope(context_);
    std::exception_ptr error;
    try {
      call(future);
    } catch (...) {
      error = std::current_exception();
    }
    future = {};
    if (error) loop->core().callback_failed(std::move(error));
  }
  release();
}

void UserCallback::discard() noexcept {
  if (future_->done()) future_->release();
  release();
}

}  // namespace asyncio::detail
