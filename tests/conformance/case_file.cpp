#include "case_file.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

namespace conformance {
namespace {

using nlohmann::json;

std::string join_lines(const json& lines) {
  std::string text;
  for (const json& line : lines) text += line.get_ref<const std::string&>() + '\n';
  return text;
}

Case to_case(json source) {
  Case result;
  result.id = source.at("id").get<std::string>();
  result.trace = join_lines(source.at("trace"));
  result.program = std::move(source.at("program"));
  return result;
}

}  // namespace

CaseFile::CaseFile(std::string path) : path_(std::move(path)), stream_(path_) {
  if (!stream_) throw BadFile(path_ + ": cannot be opened: " + std::strerror(errno));
  if (std::filesystem::is_directory(path_)) throw BadFile(path_ + ": is a directory");
}

std::optional<Case> CaseFile::next() {
  std::string text;
  while (text.find_first_not_of(" \t\r") == std::string::npos) {
    if (!std::getline(stream_, text)) {
      if (stream_.bad()) throw BadFile(path_ + ": cannot be read");
      return std::nullopt;
    }
    ++line_;
  }
  const std::string place = path_ + ":" + std::to_string(line_);
  try {
    Case next = to_case(json::parse(text));
    next.place = place;
    return next;
  } catch (const json::exception& error) {
    throw BadFile(place + ": " + error.what());
  }
}

}  // namespace conformance
