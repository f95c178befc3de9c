#pragma once

#include <cstdlib>
#include <iostream>
#include <source_location>

/// Ends the program with status 1, naming the line, unless what an example claims holds.
inline void expect(bool holds, std::source_location where = std::source_location::current()) {
  if (holds) return;
  std::cerr << where.file_name() << ":" << where.line() << ": this does not hold\n";
  std::exit(EXIT_FAILURE);
}
