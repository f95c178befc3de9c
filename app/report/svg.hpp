#pragma once

#include <span>
#include <string>

#include "run/run_record.hpp"

namespace asyncdemo {

/// Draws `runs` below each other on one time axis. Returns a self-contained SVG document: it needs
/// no script, font or network, describes itself in words, and is a few KB long however long the
/// runs are.
[[nodiscard]] std::string draw_svg(std::span<const RunRecord* const> runs);

}  // namespace asyncdemo
