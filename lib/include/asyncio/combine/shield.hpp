#pragma once

#include <asyncio/task/coroutine.hpp>
#include <asyncio/task/future.hpp>
#include <asyncio/task/task.hpp>
#include <exception>
#include <string>
#include <type_traits>
#include <utility>

namespace asyncio {

/// A future that follows `inner` but does not pass a cancel on to it. A coroutine is made a
/// task first; of a done future the shield is that future itself. Of an AnyFuture it is one that
/// gives no value.
///
/// Cancel:   ends the await only; `inner` runs on. If `inner` is cancelled, so is the shield.
/// Throws:   RuntimeError for a coroutine when no loop runs, or if the loop of `inner` is gone.
/// Resumes:  an awaiter two turns after the end of `inner`.
/// Cost:     a block and two callbacks.
/// Python:   asyncio.shield.
template <class T>
Future<T> shield(Future<T> inner);
/// The same of a task.
template <class T>
Future<T> shield(Task<T> inner) {
  return shield(Future<T>(std::move(inner)));
}
/// The same of a coroutine.
template <class T>
Future<T> shield(Coroutine<T> inner) {
  return shield(Future<T>(create_task(std::move(inner))));
}
/// The same of any future.
inline AnyFuture shield(AnyFuture inner);

// ----------------------------------------------------------------------------------------

namespace detail {

/// The outer future. Until the inner one is done, its callback there holds this.
template <class F>
class ShieldState final : public FutureState<typename F::value_type>, private Composite {
  using T = typename F::value_type;

 public:
  explicit ShieldState(F inner)
      : FutureState<T>(inner.get_loop(), std::source_location()), inner_(std::move(inner)) {
    register_with(inner_.get_loop());
  }

  [[nodiscard]] std::string describe() const override {
    WaitText text("shield() of");
    if (inner_.valid()) text.add(*inner_.state());
    return text.take();
  }

  void connect() {
    const Ref<ShieldState> self(this);
    on_inner_done_ = inner_.add_done_callback([self] { self->inner_done(); });
    const Ref<FutureBase> outer(this);
    AnyFuture(outer).add_done_callback([this] { outer_done(); });
  }

 private:
  void outer_done() {
    // If the inner one is done, its callback has run or is on its way.
    if (inner_.valid() && !inner_.done()) break_up();
  }

  void inner_done() {
    if (!this->done()) {
      try {
        follow();
      } catch (...) {  // the result could not be copied
        this->finish_failed(std::current_exception());
      }
    } else if (!inner_.cancelled()) {
      inner_.state()->mark_retrieved();
    }
    break_up();
  }

  void follow() {
    if (inner_.cancelled()) {
      this->cancel(nullptr);
    } else if (std::exception_ptr error = inner_.exception()) {
      this->finish_failed(std::move(error));
    } else if constexpr (std::is_void_v<T>) {
      this->set_value();
    } else if constexpr (std::is_reference_v<T>) {
      this->set_value(&inner_.take_value());
    } else {
      this->set_value(inner_.take_value());
    }
  }

  void break_up() noexcept override {
    const Ref<FutureBase> keep_alive(this);
    this->unlink();
    if (inner_.valid()) inner_.remove_done_callback(on_inner_done_);
    on_inner_done_ = {};
    inner_ = {};
  }

  F inner_;
  AnyFuture::CallbackId on_inner_done_;
};

template <class F>
F start_shield(F inner) {
  if (inner.done()) return inner;
  auto* state = new ShieldState<F>(std::move(inner));
  F outer{Ref<FutureBase>(state)};
  state->connect();
  return outer;
}

}  // namespace detail

template <class T>
Future<T> shield(Future<T> inner) {
  return detail::start_shield(std::move(inner));
}
inline AnyFuture shield(AnyFuture inner) {
  return detail::start_shield(std::move(inner));
}

}  // namespace asyncio
