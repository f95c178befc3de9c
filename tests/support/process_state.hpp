#pragma once

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <cerrno>
#include <cstdlib>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

// Guards that change a property of the whole process and restore it in their destructors.

namespace asyncio::test {

/// Sets a resource limit of this process and of the processes that it starts.
class ResourceLimit {
 public:
  using Resource = decltype(RLIMIT_NOFILE);

  ResourceLimit(Resource resource, rlim_t value) : resource_(resource) {
    EXPECT_EQ(::getrlimit(resource_, &before_), 0);
    // UBSan opens descriptors the first time it inspects an error, so let it do that now.
    (void)std::error_code(EMFILE, std::system_category()).message();
    const rlimit wanted{value, before_.rlim_max};
    in_force_ = ::setrlimit(resource_, &wanted) == 0;
  }
  ResourceLimit(const ResourceLimit&) = delete;
  ResourceLimit& operator=(const ResourceLimit&) = delete;
  ~ResourceLimit() { EXPECT_EQ(::setrlimit(resource_, &before_), 0); }

  /// Returns whether the system accepted the value.
  [[nodiscard]] bool in_force() const { return in_force_; }

 private:
  Resource resource_;
  rlimit before_{};
  bool in_force_ = false;
};

/// Sets an environment variable, or unsets it if `value` is empty.
class EnvironmentVariable {
 public:
  EnvironmentVariable(std::string name, const std::optional<std::string>& value)
      : name_(std::move(name)) {
    if (const char* before = std::getenv(name_.c_str())) before_ = before;
    set(value);
  }
  EnvironmentVariable(const EnvironmentVariable&) = delete;
  EnvironmentVariable& operator=(const EnvironmentVariable&) = delete;
  ~EnvironmentVariable() { set(before_); }

 private:
  void set(const std::optional<std::string>& value) const {
    if (value) {
      EXPECT_EQ(::setenv(name_.c_str(), value->c_str(), 1), 0);
    } else {
      EXPECT_EQ(::unsetenv(name_.c_str()), 0);
    }
  }

  std::string name_;
  std::optional<std::string> before_;
};

}  // namespace asyncio::test
