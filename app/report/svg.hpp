#pragma once

#include <span>
#include <string>

#include "run/run_record.hpp"

namespace asyncdemo {

/// One picture of `runs`, below each other on one time axis, as a self-contained SVG document: it
/// needs no script, font or network, says in words what it shows, and is a few KB long whatever
/// the runs did.
[[nodiscard]] std::string draw_svg(std::span<const RunRecord* const> runs);

}  // namespace asyncdemo
