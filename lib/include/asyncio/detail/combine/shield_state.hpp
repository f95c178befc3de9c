#pragma once

#include <asyncio/detail/base/intrusive.hpp>
#include <asyncio/detail/task/aggregate_future.hpp>
#include <asyncio/detail/task/done_link.hpp>
#include <asyncio/detail/task/future_state.hpp>
#include <asyncio/detail/task/future_value.hpp>
#include <asyncio/detail/task/wait_description.hpp>
#include <asyncio/loop/event_loop.hpp>
#include <asyncio/task/future.hpp>
#include <exception>
#include <source_location>
#include <string>
#include <type_traits>
#include <utility>

namespace asyncio::detail {

/// The outer future of a shield. It keeps itself alive until it or the inner future is done.
template <class T>
class ShieldState final : public FutureState<T>, private AggregateFuture, private DoneListener {
 public:
  ShieldState(EventLoop& loop, Ref<FutureBase> inner)
      : FutureState<T>(loop, std::source_location()), link_(new DoneLink(std::move(inner))) {}

  [[nodiscard]] std::string describe() const override {
    WaitDescription text("shield() of");
    if (link_) text.add(link_->future());
    return text.take();
  }

  void connect() {
    const Ref<FutureBase> self(this);
    AnyFuture(self).add_done_callback([this] { outer_done(); });
    keep_alive(*this->loop(), self);
    link_->listen(*this);
  }

 private:
  void outer_done() {
    // If the inner future is done, its link has run or is in the ready queue.
    if (link_ && !link_->future().done()) break_up();
  }

  void future_done(DoneLink& link) noexcept override {
    FutureBase& inner = link.future();
    if (!this->done()) {
      follow(inner);
    } else if (inner.state() != FutureBase::State::cancelled) {
      inner.mark_retrieved();
    }
    break_up();
  }

  void follow(FutureBase& inner) noexcept {
    if (inner.state() == FutureBase::State::cancelled) {
      this->cancel(nullptr);
    } else if (std::exception_ptr error = inner.error_or_cancel()) {
      this->finish_failed(std::move(error));
    } else {
      try {
        copy_value(inner);
      } catch (...) {
        this->finish_failed(std::current_exception());
      }
    }
  }

  void copy_value(FutureBase& inner) {
    if constexpr (std::is_void_v<T>) {
      this->set_value();
    } else if constexpr (std::is_reference_v<T>) {
      this->set_value(&take_value<T>(inner));
    } else {
      this->set_value(take_value<T>(inner));
    }
  }

  void break_up() noexcept override {
    const Ref<FutureBase> last_share = std::move(keep_alive_);
    this->unlink();
    link_.reset();
  }

  DoneLinkPtr link_;  // to the inner future
};

/// Returns a shield of `inner`, or `inner` itself if it is done.
template <class F>
F start_shield(F inner) {
  if (inner.done()) return inner;
  EventLoop& loop = inner.get_loop();
  auto* state = new ShieldState<typename F::value_type>(loop, std::move(inner).take_state());
  F outer{Ref<FutureBase>(state)};
  state->connect();
  return outer;
}

}  // namespace asyncio::detail
