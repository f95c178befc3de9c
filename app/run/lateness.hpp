#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "values/duration.hpp"

namespace asyncdemo {

/// Statistics of how late timers fired. Count, mean and maximum are exact; percentiles come from a
/// histogram and are accurate to 1 %.
class Lateness {
 public:
  void add(Duration late);

  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
  /// Returns zero if there is no timer, like the other queries.
  [[nodiscard]] Duration mean() const noexcept;
  [[nodiscard]] Duration max() const noexcept { return max_; }
  /// Returns the lateness that `percent` of the timers did not exceed, or up to 1 % more; never
  /// more than max().
  [[nodiscard]] Duration percentile(int percent) const;

 private:
  static std::size_t bucket_of(Duration late);
  static Duration upper_end(std::size_t bucket);

  std::vector<std::uint64_t> buckets_;  // each is 1 % wider than the one before
  std::uint64_t count_ = 0;
  long double sum_ns_ = 0;
  Duration max_{0};
};

}  // namespace asyncdemo
