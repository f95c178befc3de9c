#include <asyncio/base/exception_group.hpp>

namespace asyncio {

namespace {

std::string summary(const std::string& message, std::size_t count) {
  return message + " (" + std::to_string(count) +
         (count == 1 ? " sub-exception)" : " sub-exceptions)");
}

/// Returns `error` as a group; empty if it is any other error.
std::optional<ExceptionGroup> as_group(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const ExceptionGroup& group) {
    return group;
  } catch (...) {
    return std::nullopt;
  }
}

}  // namespace

ExceptionGroup::ExceptionGroup(std::string message, std::vector<std::exception_ptr> exceptions,
                               std::exception_ptr cause)
    : Error(summary(message, exceptions.size()), std::move(cause)) {
  if (exceptions.empty()) throw ValueError("an ExceptionGroup needs at least one exception");
  for (const std::exception_ptr& member : exceptions) {
    if (!member) throw ValueError("an exception of an ExceptionGroup is empty");
  }
  contents_ = std::make_shared<const Contents>(Contents{std::move(message), std::move(exceptions)});
}

std::optional<ExceptionGroup> ExceptionGroup::part(const Predicate& matches, bool wanted) const {
  if (!matches(std::make_exception_ptr(*this))) return part_of_members(matches, wanted);
  if (wanted) return *this;
  return std::nullopt;
}

std::optional<ExceptionGroup> ExceptionGroup::part_of_members(const Predicate& matches,
                                                              bool wanted) const {
  std::vector<std::exception_ptr> chosen;
  for (const std::exception_ptr& member : exceptions()) {
    const bool match = matches(member);
    const auto group = match ? std::nullopt : as_group(member);
    if (!group) {
      if (match == wanted) chosen.push_back(member);
    } else if (auto nested = group->part_of_members(matches, wanted)) {
      chosen.push_back(std::make_exception_ptr(*std::move(nested)));
    }
  }
  if (chosen.empty()) return std::nullopt;
  return ExceptionGroup(message(), std::move(chosen), cause());
}

}  // namespace asyncio
