#include <asyncio/base/error.hpp>
#include <asyncio/detail/combine/gathering.hpp>
#include <asyncio/detail/task/wait_description.hpp>
#include <asyncio/loop/event_loop.hpp>
#include <unordered_set>

namespace asyncio::detail {

EventLoop& common_loop(const Children& children, Gathering::Repeats repeats) {
  if (children.size() == 0 || repeats == Gathering::Repeats::impossible) return get_running_loop();
  EventLoop* const loop = children[0].future().loop();
  for (const DoneLink& child : children) {
    if (child.future().loop() != loop) {
      forget_errors(children);
      throw ValueError("gather() was given futures of different event loops");
    }
  }
  if (loop == nullptr) throw RuntimeError("the futures' event loop has been destroyed");
  return *loop;
}

void forget_errors(const Children& children) {
  for (const DoneLink& child : children) {
    AnyFuture(Ref<FutureBase>(&child.future())).add_done_callback([](const AnyFuture& done) {
      done.state()->mark_retrieved();
    });
  }
}

void Gathering::watch_children(Repeats repeats) {
  std::vector<FutureBase*> done_already;
  std::unordered_set<FutureBase*> seen;
  for (DoneLink& child : children_) {
    if (repeats == Repeats::possible && !seen.insert(&child.future()).second) continue;
    ++distinct_;
    if (child.future().done()) {
      done_already.push_back(&child.future());
      continue;
    }
    ++listening_;
    child.listen(*this);
  }
  const Ref<FutureBase> self(&outer());
  if (listening_ > 0) keep_alive(*outer().loop(), self);
  for (FutureBase* child : done_already) count_end_of(*child);
  if (distinct_ == 0) deliver();
}

bool Gathering::cancel_children(const std::exception_ptr& reason) {
  if (outer().done()) return false;
  const Ref<FutureBase> keep_alive(&outer());
  bool any = false;
  for (const DoneLink& child : children_) any = child.future().cancel(reason) || any;
  if (any) cancel_requested_ = true;
  return any;
}

std::string Gathering::describe_children() const {
  WaitDescription text("gather() of");
  for (const DoneLink& child : children_) {
    if (child.is_listening()) text.add(child.future());
  }
  return text.take();
}

void Gathering::future_done(DoneLink& link) noexcept {
  Ref<FutureBase> last_share;
  if (--listening_ == 0) last_share = std::move(keep_alive_);
  count_end_of(link.future());
}

void Gathering::count_end_of(FutureBase& child) noexcept {
  ++finished_;
  if (outer().done()) {
    child.mark_retrieved();
    return;
  }
  const bool failed = child.state() != FutureBase::State::has_value;
  if (failed && errors_ == Errors::raised) {
    outer().finish_failed(child.error_or_cancel());
  } else if (finished_ == distinct_) {
    deliver_or_fail(child);
  }
}

void Gathering::deliver_or_fail(FutureBase& last) noexcept {
  std::exception_ptr error;
  if (cancel_requested_) {
    const bool has_reason = last.state() == FutureBase::State::cancelled;
    error = has_reason ? last.error_or_cancel() : std::make_exception_ptr(CancelledError());
  } else {
    try {
      deliver();
    } catch (...) {
      error = std::current_exception();  // copying a result threw
    }
  }
  if (error) outer().finish_failed(std::move(error));
  children_.clear();
}

void Gathering::break_up() noexcept {
  const Ref<FutureBase> self(&outer());
  keep_alive_ = {};
  children_.clear();  // the closing loop has emptied its ready queue
}

}  // namespace asyncio::detail
