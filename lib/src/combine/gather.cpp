#include <asyncio/combine/gather.hpp>
#include <unordered_set>

namespace asyncio::detail {

EventLoop& common_loop(const std::vector<Ref<FutureBase>>& children, Gathering::Repeats repeats) {
  if (children.empty() || repeats == Gathering::Repeats::impossible) return get_running_loop();
  EventLoop* const loop = children.front()->loop();
  for (const auto& child : children) {
    if (child->loop() != loop) {
      forget_errors(children);
      throw ValueError("gather() was given futures of different event loops");
    }
  }
  if (loop == nullptr) throw RuntimeError("the futures' event loop has been destroyed");
  return *loop;
}

void forget_errors(const std::vector<Ref<FutureBase>>& children) {
  for (const auto& child : children) {
    AnyFuture(child).add_done_callback(
        [](const AnyFuture& done) { done.state()->mark_retrieved(); });
  }
}

void Gathering::watch_children(Repeats repeats) {
  EventLoop& loop = *outer().loop();
  register_with(loop);
  places_ = std::make_unique<Place[]>(children_.size());
  std::vector<FutureBase*> done_already;
  std::unordered_set<FutureBase*> seen;
  for (const auto& child : children_) {
    if (repeats == Repeats::possible && !seen.insert(child.get()).second) continue;
    Place& place = places_[distinct_++];
    if (child->done()) {
      done_already.push_back(child.get());
      continue;
    }
    place.gathering = this;
    place.child = child.get();
    outer().add_ref();
    child->add_callback(static_cast<Runnable&>(place));
  }
  const Ref<FutureBase> keep_alive(&outer());
  for (FutureBase* child : done_already) one_is_done(*child);
  if (distinct_ == 0) deliver();
}

bool Gathering::cancel_children(const std::exception_ptr& reason) {
  if (outer().done()) return false;
  const Ref<FutureBase> keep_alive(&outer());
  bool any = false;
  for (const auto& child : children_) any = child->cancel(reason) || any;
  if (any) cancel_requested_ = true;
  return any;
}

std::string Gathering::describe_children() const {
  WaitText text("gather() of");
  for (std::size_t i = 0; i < distinct_; ++i) {
    if (places_[i].child != nullptr) text.add(*places_[i].child);
  }
  return text.take();
}

void Gathering::Place::run() noexcept {
  Gathering& owner = *gathering;
  owner.one_is_done(*std::exchange(child, nullptr));
  owner.outer().release();  // may be its end, and this one's
}

void Gathering::Place::discard() noexcept {
  child = nullptr;
  gathering->outer().release();
}

void Gathering::one_is_done(FutureBase& child) noexcept {
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
      error = std::current_exception();  // a result could not be copied
    }
  }
  if (error) outer().finish_failed(std::move(error));
  children_.clear();
}

void Gathering::break_up() noexcept {
  const Ref<FutureBase> keep_alive(&outer());
  for (std::size_t i = 0; i < distinct_; ++i) {
    Place& place = places_[i];
    if (place.child != nullptr && place.child->remove_callback(place)) place.discard();
  }
  children_.clear();
}

}  // namespace asyncio::detail
