#include "values/format_time.hpp"

#include <fmt/format.h>

namespace asyncdemo {

std::string format_time(Duration time, Duration unit, Decimals decimals) {
  std::int64_t scale = 1;
  for (int digit = 0; digit < decimals.most; ++digit) scale *= 10;
  std::int64_t whole = time / unit;
  std::int64_t part = ((time % unit).count() * scale * 2 + unit.count()) / (unit.count() * 2);
  if (part == scale) {
    ++whole;
    part = 0;
  }
  int digits = decimals.most;
  for (; digits > decimals.least && part % 10 == 0; --digits) part /= 10;
  return digits == 0 ? fmt::format("{}", whole) : fmt::format("{}.{:0{}}", whole, part, digits);
}

}  // namespace asyncdemo
