#include "command_line/version.hpp"

#include <fmt/format.h>

#include <CLI/Version.hpp>
#include <asyncio/asyncio.hpp>

namespace asyncdemo {
namespace {

std::string compiler() {
#if defined(__clang__)
  return fmt::format("clang {}.{}.{}", __clang_major__, __clang_minor__, __clang_patchlevel__);
#else
  return fmt::format("GCC {}.{}.{}", __GNUC__, __GNUC_MINOR__, __GNUC_PATCHLEVEL__);
#endif
}

/// Returns "9.1.0" for FMT_VERSION 90100.
std::string fmt_version() {
  return fmt::format("{}.{}.{}", FMT_VERSION / 10'000, FMT_VERSION / 100 % 100, FMT_VERSION % 100);
}

}  // namespace

std::string version_text(bool verbose) {
  std::string text = fmt::format("asyncdemo {}\n", ASYNCDEMO_VERSION);
  if (!verbose) return text;
  text += fmt::format("compiler    {}\n", compiler());
  text += fmt::format("build type  {}\n", ASYNCDEMO_BUILD_TYPE);
  text += fmt::format("backend     {}\n", asyncio::make_poller()->name());
  text += fmt::format("fmt         {}\n", fmt_version());
  text += fmt::format("CLI11       {}\n", CLI11_VERSION);
  return text;
}

}  // namespace asyncdemo
