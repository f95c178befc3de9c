#include <asyncio/base/error.hpp>
#include <asyncio/detail/loop/signal_handlers.hpp>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <string>
#include <thread>
#include <utility>

namespace asyncio::detail {

namespace {

// The signal handler uses only these lock-free atomics.
constexpr int kMostSignals = 65;
std::atomic<bool> arrived[kMostSignals];
std::atomic<Poller*> listener{nullptr};
std::atomic<int> handlers_running{0};

}  // namespace

constinit std::atomic<bool> SignalHandlers::any_arrived_{false};

void SignalHandlers::mark(int number) noexcept {
  const int saved_errno = errno;
  handlers_running.fetch_add(1);
  arrived[number].store(true);
  any_arrived_.store(true);
  if (Poller* poller = listener.load()) poller->wake();
  handlers_running.fetch_sub(1);
  errno = saved_errno;
}

struct SignalHandlers::Entry {
  Ref<Callback> callback;
  struct sigaction before{};
  bool counts = true;
};

SignalHandlers::SignalHandlers(Poller& poller) noexcept : poller_(poller) {}

SignalHandlers::~SignalHandlers() {
  remove_all();
}

void SignalHandlers::add(int number, Ref<Callback> callback) {
  if (number <= 0 || number >= kMostSignals) {
    throw ValueError("signal number " + std::to_string(number) + " is out of range");
  }
  if (const auto known = entries_.find(number); known != entries_.end()) {
    known->second->counts = true;
    // The old callback is destroyed last, because its captures may remove the new one.
    const Ref<Callback> before = std::exchange(known->second->callback, std::move(callback));
    return;
  }
  // Allocate all memory before the process is changed.
  Entry& entry = *entries_.emplace(number, std::make_unique<Entry>()).first->second;
  entry.callback = std::move(callback);
  struct sigaction action{};
  action.sa_handler = mark;
  action.sa_flags = SA_RESTART;
  sigfillset(&action.sa_mask);
  Poller* other = nullptr;
  Poller* const own = &poller_;
  const bool listens = listener.compare_exchange_strong(other, own) || other == own;
  if (listens && ::sigaction(number, &action, &entry.before) == 0) return;
  entries_.erase(number);
  if (listens && entries_.empty()) listener.store(nullptr);
  if (!listens) throw RuntimeError("another event loop of this process handles signals");
  throw ValueError("signal " + std::to_string(number) + " cannot be caught");
}

bool SignalHandlers::remove(int number) noexcept {
  const auto found = entries_.find(number);
  if (found == entries_.end()) return false;
  // Cannot fail: sigaction() has succeeded with this number before.
  (void)::sigaction(number, &found->second->before, nullptr);
  const auto removed = entries_.extract(found);  // destroyed last: its captures may call this
  arrived[number].store(false);
  if (entries_.empty()) {
    Poller* own = &poller_;
    listener.compare_exchange_strong(own, nullptr);
    // Another thread may still be in the signal handler, using the poller.
    while (handlers_running.load() != 0) std::this_thread::yield();
  }
  return true;
}

void SignalHandlers::remove_all() noexcept {
  while (!entries_.empty()) remove(entries_.begin()->first);
}

void SignalHandlers::discount(int number) noexcept {
  if (const auto found = entries_.find(number); found != entries_.end()) {
    found->second->counts = false;
  }
}

bool SignalHandlers::waits_for_any() const noexcept {
  for (const auto& [number, entry] : entries_) {
    if (entry->counts) return true;
  }
  return false;
}

void SignalHandlers::forget_after_fork() noexcept {
  listener.store(nullptr);
  handlers_running.store(0);
}

void SignalHandlers::collect(ReadyQueue& ready) {
  if (entries_.empty()) return;  // another loop handles signals
  any_arrived_.store(false);     // first, so that the next call sees a signal that arrives now
  for (auto& [number, entry] : entries_) {
    if (!arrived[number].exchange(false)) continue;
    entry->callback->add_ref();
    ready.push_back(*entry->callback.get());
  }
}

}  // namespace asyncio::detail
