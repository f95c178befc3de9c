#pragma once

#include <asyncio/detail/base/context_state.hpp>
#include <asyncio/detail/base/frame_pool.hpp>
#include <asyncio/detail/base/intrusive.hpp>
#include <asyncio/detail/loop/runnable.hpp>
#include <asyncio/detail/task/future_state.hpp>
#include <cstdint>
#include <utility>

namespace asyncio::detail {

/// A callback that a user added to a future. It is called in a copy of the context in which it was
/// added.
class UserCallback : public Runnable, public FramePooled {
 public:
  explicit UserCallback(FutureBase& future) : future_(&future), context_(copy_current_context()) {}
  virtual ~UserCallback() = default;

  void add_ref() noexcept { ++references_; }
  void release() noexcept {
    if (--references_ == 0) delete this;
  }

  void run() noexcept final;
  void discard() noexcept final;

 private:
  virtual void call(const Ref<FutureBase>& future) = 0;

  std::uint32_t references_ = 0;
  FutureBase* future_;  // alive: it holds this callback or, once done, is held by it
  Ref<ContextState> context_;
};

template <class F>
class UserCallbackOf final : public UserCallback {
 public:
  UserCallbackOf(FutureBase& future, F&& function)
      : UserCallback(future), function_(std::move(function)) {}

 private:
  void call(const Ref<FutureBase>& future) override { function_(future); }
  F function_;
};

}  // namespace asyncio::detail
