#include <asyncio/base/error.hpp>
#include <asyncio/detail/loop/callback.hpp>
#include <asyncio/detail/loop/loop_core.hpp>

namespace asyncio::detail {

void Callback::run() noexcept {
  const Ref<Callback> keep_alive(this);
  if (!cancelled_) {
    const ContextScope scope(context_);
    std::exception_ptr error;
    calling_ = true;
    try {
      call();
    } catch (...) {
      error = std::current_exception();
    }
    calling_ = false;
    if (repeat_ == Repeat::no || cancelled_) drop_callable();
    // After the catch block, because the report runs user code.
    if (error) core_->callback_failed(std::move(error));
  }
  release();  // the queue's reference
}

std::string describe_callback(const std::type_info& type) {
  std::string text = "callback ";
  return text += type_name(type);
}

std::string Callback::describe_step() const {
  return describe_callback(type());
}

void Callback::discard() noexcept {
  const Ref<Callback> keep_alive(this);
  release();        // the queue's reference
  drop_callable();  // the callable may own a Handle to this
}

void Callback::cancel() noexcept {
  if (cancelled_) return;
  const Ref<Callback> keep_alive(this);  // the callable may own the Handle that calls this
  cancelled_ = true;
  if (armed()) {
    core_->disarm(*this);
    release();  // the queue's reference
  }
  if (!calling_) drop_callable();  // a callable that cancels itself still runs
}

}  // namespace asyncio::detail
