#pragma once

#include <asyncio/asyncio.hpp>
#include <cstdlib>
#include <iostream>
#include <source_location>
#include <string>
#include <utility>
#include <vector>

// What the programs that the documents show need to check themselves.

/// Ends the program with status 1, naming the line, unless what an example claims holds.
inline void expect(bool holds, std::source_location where = std::source_location::current()) {
  if (holds) return;
  std::cerr << where.file_name() << ":" << where.line() << ": this does not hold\n";
  std::exit(EXIT_FAILURE);
}

using Lines = std::vector<std::string>;

/// What an example says, kept to be compared.
inline Lines log_lines;
inline void log(std::string line) {
  log_lines.push_back(std::move(line));
}

/// What has been said since this was asked last.
inline Lines taken_log() {
  return std::exchange(log_lines, {});
}

/// run() on a virtual clock.
template <class T>
T run_virtual(asyncio::Coroutine<T> main) {
  asyncio::RunOptions options;
  options.clock(asyncio::ClockKind::virtual_time);
  return asyncio::run(std::move(main), options);
}
