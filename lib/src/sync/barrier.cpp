#include <asyncio/detail/sync/shared_state.hpp>
#include <asyncio/sync/barrier.hpp>
#include <asyncio/sync/condition.hpp>
#include <asyncio/sync/guard.hpp>
#include <cstdint>
#include <utility>

namespace asyncio {

namespace detail {

/// The state of a Barrier: a condition that is notified at each change of phase.
class BarrierState final : public Shared<BarrierState> {
 public:
  explicit BarrierState(std::size_t parties)
      : parties_(parties), condition_(new ConditionState(Ref<LockState>(new LockState))) {}

  static Coroutine<std::size_t> wait(Ref<BarrierState> self);
  static Coroutine<void> reset(Ref<BarrierState> self);
  static Coroutine<void> abort(Ref<BarrierState> self);

  [[nodiscard]] std::size_t parties() const noexcept { return parties_; }
  [[nodiscard]] std::size_t waiting() const noexcept {
    return phase_ == Phase::filling ? inside_ : 0;
  }
  [[nodiscard]] bool broken() const noexcept { return phase_ == Phase::broken; }
  [[nodiscard]] std::string text() const;

 private:
  enum class Phase : std::uint8_t { filling, draining, resetting, broken };

  /// Counts a task as inside the barrier from its arrival to its departure.
  class Arrival {
   public:
    explicit Arrival(BarrierState& barrier) noexcept
        : barrier_(barrier), index_(barrier.inside_++) {}
    Arrival(const Arrival&) = delete;
    Arrival& operator=(const Arrival&) = delete;
    ~Arrival() { barrier_.leave(); }
    [[nodiscard]] std::size_t index() const noexcept { return index_; }
    [[nodiscard]] bool is_last() const noexcept { return index_ + 1 == barrier_.parties_; }

   private:
    BarrierState& barrier_;
    std::size_t index_;
  };

  [[nodiscard]] ScopedAwaitable<LockState> hold(const char* operation) const {
    return ScopedAwaitable<LockState>(condition_->lock(), operation);
  }
  [[nodiscard]] bool admits() const noexcept {
    return phase_ != Phase::draining && phase_ != Phase::resetting;
  }
  void change_to(Phase phase) noexcept {
    phase_ = phase;
    condition_->wake_all();
  }
  void leave() noexcept {
    if (--inside_ > 0) return;
    change_to(admits() ? phase_ : Phase::filling);
  }

  Phase phase_ = Phase::filling;
  std::size_t inside_ = 0;
  std::size_t parties_;
  Ref<ConditionState> condition_;
};

Coroutine<std::size_t> BarrierState::wait(Ref<BarrierState> self) {
  const char* const operation = "Barrier.wait()";
  const auto guard = co_await self->hold(operation);
  while (!self->admits()) co_await ConditionState::wait(self->condition_, operation);
  if (self->broken()) throw BrokenBarrierError("Barrier aborted");
  const Arrival arrival(*self);
  if (arrival.is_last()) {
    self->change_to(Phase::draining);
  } else {
    while (self->phase_ == Phase::filling)
      co_await ConditionState::wait(self->condition_, operation);
    if (self->phase_ != Phase::draining) throw BrokenBarrierError("Abort or reset of barrier");
  }
  co_return arrival.index();
}

Coroutine<void> BarrierState::reset(Ref<BarrierState> self) {
  const auto guard = co_await self->hold("Barrier.reset()");
  self->change_to(self->inside_ > 0 ? Phase::resetting : Phase::filling);
}

Coroutine<void> BarrierState::abort(Ref<BarrierState> self) {
  const auto guard = co_await self->hold("Barrier.abort()");
  self->change_to(Phase::broken);
}

std::string BarrierState::text() const {
  constexpr const char* kNames[] = {"filling", "draining", "resetting", "broken"};
  std::string state = kNames[static_cast<std::size_t>(phase_)];
  if (!broken()) {
    state += ", waiters:" + std::to_string(waiting()) + "/" + std::to_string(parties_);
  }
  return print_state("Barrier", state, 0);
}

namespace {

std::size_t checked_parties(std::ptrdiff_t parties) {
  if (parties < 1) throw ValueError("parties must be >= 1");
  return static_cast<std::size_t>(parties);
}

}  // namespace
}  // namespace detail

Barrier::Barrier(std::ptrdiff_t parties)
    : state_(new detail::BarrierState(detail::checked_parties(parties))) {}

Barrier::~Barrier() = default;

Coroutine<std::size_t> Barrier::wait() {
  return detail::BarrierState::wait(state_);
}

Coroutine<void> Barrier::reset() {
  return detail::BarrierState::reset(state_);
}

Coroutine<void> Barrier::abort() {
  return detail::BarrierState::abort(state_);
}

std::size_t Barrier::parties() const noexcept {
  return state_->parties();
}

std::size_t Barrier::n_waiting() const noexcept {
  return state_->waiting();
}

bool Barrier::broken() const noexcept {
  return state_->broken();
}

std::string to_string(const Barrier& barrier) {
  return barrier.state_->text();
}

}  // namespace asyncio
