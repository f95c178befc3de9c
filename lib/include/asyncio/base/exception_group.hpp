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

/// Several errors as one: what a TaskGroup throws. A group can hold groups.
///
///     catch (const ExceptionGroup& group) {
///       if (auto timeouts = group.subgroup<TimeoutError>()) ...
///     }
///
/// Cost:     copies share the members. To ask for a type throws and catches each of them.
/// Python:   ExceptionGroup; what() is its str(), describe(std::exception_ptr) names the members.
class ExceptionGroup : public Error {
 public:
  /// With members, of which there is at least one, and maybe the error that led to it.
  ///
  /// Throws:   ValueError for no members, or an empty one among them.
  ExceptionGroup(std::string message, std::vector<std::exception_ptr> exceptions,
                 std::exception_ptr cause = {});

  /// The text that it was made with.
  [[nodiscard]] const std::string& message() const noexcept { return contents_->message; }

  /// The members, in the order in which they were given. There is at least one.
  [[nodiscard]] const std::vector<std::exception_ptr>& exceptions() const noexcept {
    return contents_->exceptions;
  }

  /// A group of the errors that match, in groups nested as here; empty if none does. A nested
  /// group for which `matches` says yes is taken whole; so is this one.
  ///
  /// `matches` takes a std::exception_ptr.
  template <std::predicate<std::exception_ptr> Matches>
  [[nodiscard]] std::optional<ExceptionGroup> subgroup(Matches matches) const {
    return part(std::ref(matches), /*wanted=*/true);
  }
  /// The same for errors that a handler for `const E&` would catch.
  template <class E>
  [[nodiscard]] std::optional<ExceptionGroup> subgroup() const {
    return subgroup(is_a<E>);
  }

  struct Split;

  /// The errors that match and the others, each as subgroup() gives them.
  template <std::predicate<std::exception_ptr> Matches>
  [[nodiscard]] Split split(Matches matches) const;
  /// The same for errors that a handler for `const E&` would catch.
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

/// What ExceptionGroup::split() gives: between them they hold every error once.
struct ExceptionGroup::Split {
  std::optional<ExceptionGroup> matching;  ///< empty if none does
  std::optional<ExceptionGroup> rest;      ///< empty if all match
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
