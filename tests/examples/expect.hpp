#pragma once

#include <asyncio/asyncio.hpp>
#include <cstdlib>
#include <iostream>
#include <source_location>
#include <string>
#include <utility>
#include <vector>

// Helpers with which the programs shown in the documents check themselves.

/// Ends the program with status 1 and prints the line, unless `holds` is true.
inline void expect(bool holds, std::source_location where = std::source_location::current()) {
  if (holds) return;
  std::cerr << where.file_name() << ":" << where.line() << ": this does not hold\n";
  std::exit(EXIT_FAILURE);
}

using Lines = std::vector<std::string>;

/// The lines that an example has logged.
inline Lines log_lines;
inline void log(std::string line) {
  log_lines.push_back(std::move(line));
}

/// Returns the lines logged since the last call, and forgets them.
inline Lines taken_log() {
  return std::exchange(log_lines, {});
}

/// Runs `main` on a virtual clock.
template <class T>
T run_virtual(asyncio::Coroutine<T> main) {
  asyncio::RunOptions options;
  options.clock(asyncio::ClockKind::virtual_time);
  return asyncio::run(std::move(main), options);
}
