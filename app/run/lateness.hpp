#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "values/duration.hpp"

namespace asyncdemo {

/// How late timers were: their number, mean and greatest exactly, and any share of them to 1 %,
/// in the memory of a histogram.
class Lateness {
 public:
  void add(Duration late);

  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
  /// Zero where there is none, as the others are.
  [[nodiscard]] Duration mean() const noexcept;
  [[nodiscard]] Duration max() const noexcept { return max_; }
  /// What `percent` of them did not exceed, or up to 1 % more; never more than max().
  [[nodiscard]] Duration percentile(int percent) const;

 private:
  static std::size_t bucket_of(Duration late);
  static Duration upper_end(std::size_t bucket);

  std::vector<std::uint64_t> buckets_;  // each 1 % wider than the one before
  std::uint64_t count_ = 0;
  long double sum_ns_ = 0;
  Duration max_{0};
};

}  // namespace asyncdemo
