#include "run/lateness.hpp"

#include <algorithm>
#include <cmath>

namespace asyncdemo {
namespace {
constexpr long double kGrowth = 1.01L;
}

std::size_t Lateness::bucket_of(Duration late) {
  const auto ns = static_cast<long double>(std::max<Duration::rep>(late.count(), 0));
  return static_cast<std::size_t>(std::ceil(std::log(ns + 1) / std::log(kGrowth)));
}

Duration Lateness::upper_end(std::size_t bucket) {
  constexpr auto kMost = static_cast<long double>(Duration::max().count());
  const long double end = std::pow(kGrowth, static_cast<long double>(bucket)) - 1;
  return end < kMost ? Duration(static_cast<Duration::rep>(end)) : Duration::max();
}

void Lateness::add(Duration late) {
  const std::size_t bucket = bucket_of(late);
  if (bucket >= buckets_.size()) buckets_.resize(bucket + 1);
  ++buckets_[bucket];
  ++count_;
  sum_ns_ += static_cast<long double>(late.count());
  max_ = std::max(max_, late);
}

Duration Lateness::mean() const noexcept {
  if (count_ == 0) return Duration::zero();
  return Duration(std::llround(sum_ns_ / static_cast<long double>(count_)));
}

Duration Lateness::percentile(int percent) const {
  // The nearest rank: the smallest that covers the share.
  const std::uint64_t rank = (count_ * static_cast<std::uint64_t>(percent) + 99) / 100;
  std::uint64_t seen = 0;
  for (std::size_t bucket = 0; bucket < buckets_.size(); ++bucket) {
    seen += buckets_[bucket];
    if (seen >= rank && seen > 0) return std::min(upper_end(bucket), max_);
  }
  return Duration::zero();
}

}  // namespace asyncdemo
