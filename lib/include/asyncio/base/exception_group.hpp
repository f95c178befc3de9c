#pragma once

#include <asyncio/base/error.hpp>
#include <concepts>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace asyncio {

/// Several errors combined into one, as TaskGroup throws them. A group can contain groups.
///
///     catch (const ExceptionGroup& group) {
///       if (auto timeouts = group.subgroup<TimeoutError>()) ...
///     }
///
/// Cost:     copies share the members. A search for a type throws and catches each member.
/// Python:   ExceptionGroup; what() is its str(), describe(std::exception_ptr) names the members.
class ExceptionGroup : public Error {
 public:
  /// Creates a group of at least one error. `cause` is the error that led to the group, if there is
  /// one.
  ///
  /// Throws:   ValueError if there are no members, or if one of them is empty.
  ExceptionGroup(std::string message, std::vector<std::exception_ptr> exceptions,
                 std::exception_ptr cause = {});

  /// Returns the message passed to the constructor.
  [[nodiscard]] const std::string& message() const noexcept { return contents_->message; }

  /// Returns the members in the order in which they were passed; there is at least one.
  [[nodiscard]] const std::vector<std::exception_ptr>& exceptions() const noexcept {
    return contents_->exceptions;
  }

  /// Returns a group of the errors for which `matches` returns true, nested as they are here; empty
  /// if there are none.
  ///
  /// `matches` takes a std::exception_ptr. It is called with a group before the members of the
  /// group, and a group that matches is taken whole. This applies to this group as well.
  template <std::predicate<std::exception_ptr> Matches>
  [[nodiscard]] std::optional<ExceptionGroup> subgroup(Matches matches) const {
    return part(std::ref(matches), /*wanted=*/true);
  }
  /// Returns a group of the errors that a handler for `const E&` would catch, nested as they are
  /// here; empty if there are none.
  template <class E>
  [[nodiscard]] std::optional<ExceptionGroup> subgroup() const {
    return subgroup(is_a<E>);
  }

  struct Split;

  /// Splits the group into the errors for which `matches` returns true and the others. Both parts
  /// keep the nesting, as in subgroup().
  template <std::predicate<std::exception_ptr> Matches>
  [[nodiscard]] Split split(Matches matches) const;
  /// Splits the group into the errors that a handler for `const E&` would catch and the others.
  /// Both parts keep the nesting.
  template <class E>
  [[nodiscard]] Split split() const;

 private:
  using Predicate = std::function<bool(const std::exception_ptr&)>;
  struct Contents {
    std::string message;
    std::vector<std::exception_ptr> exceptions;
  };

  template <class E>
  static bool is_a(const std::exception_ptr& error) {
    try {
      std::rethrow_exception(error);
    } catch (const E&) {
      return true;
    } catch (...) {
      return false;
    }
  }

  [[nodiscard]] std::optional<ExceptionGroup> part(const Predicate& matches, bool wanted) const;
  [[nodiscard]] std::optional<ExceptionGroup> part_of_members(const Predicate& matches,
                                                              bool wanted) const;

  std::shared_ptr<const Contents> contents_;  // shared: copying an exception must not throw
};

/// The result of ExceptionGroup::split(). Each error is in exactly one of the two groups.
struct ExceptionGroup::Split {
  std::optional<ExceptionGroup> matching;  ///< empty if no error matches
  std::optional<ExceptionGroup> rest;      ///< empty if all errors match
};

// ----------------------------------------------------------------------------------------

template <std::predicate<std::exception_ptr> Matches>
ExceptionGroup::Split ExceptionGroup::split(Matches matches) const {
  return {part(std::ref(matches), /*wanted=*/true), part(std::ref(matches), /*wanted=*/false)};
}

template <class E>
ExceptionGroup::Split ExceptionGroup::split() const {
  return split(is_a<E>);
}

}  // namespace asyncio
