#pragma once

#include <atomic>
#include <utility>

namespace asyncio::test {

class Live;

/// Counts the Live objects that it has made and that still exist, copies included.
///
/// Thread:   any.
class LiveCount {
 public:
  LiveCount() = default;
  LiveCount(const LiveCount&) = delete;
  LiveCount& operator=(const LiveCount&) = delete;

  [[nodiscard]] int alive() const noexcept { return alive_.load(); }
  [[nodiscard]] Live make() noexcept;

 private:
  friend class Live;
  std::atomic<int> alive_{0};
};

/// An object that a LiveCount counts, as it does each copy of it.
class Live {
 public:
  explicit Live(LiveCount& count) noexcept : count_(&count) { ++count_->alive_; }
  Live(const Live& other) noexcept : Live(*other.count_) {}
  Live(Live&& other) noexcept : Live(*other.count_) {}
  Live& operator=(const Live& other) noexcept {
    Live copy(other);
    std::swap(count_, copy.count_);
    return *this;
  }
  ~Live() { --count_->alive_; }

 private:
  LiveCount* count_;
};

inline Live LiveCount::make() noexcept {
  return Live(*this);
}

}  // namespace asyncio::test
