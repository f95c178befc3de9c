#pragma once

#include <atomic>
#include <utility>

namespace asyncio::test {

class Live;

/// Counts the objects that were made with it and are not destroyed yet.
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

/// One of the objects that a LiveCount counts, wherever it is copied or moved to.
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
