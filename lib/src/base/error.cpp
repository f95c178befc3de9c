#include <cxxabi.h>

#include <asyncio/base/error.hpp>
#include <asyncio/base/exception_group.hpp>
#include <cstdlib>
#include <string_view>
#include <typeinfo>

namespace asyncio {

std::string type_name(const std::type_info& type) {
  int status = 0;
  const std::unique_ptr<char, void (*)(void*)> text(
      abi::__cxa_demangle(type.name(), nullptr, nullptr, &status), std::free);
  std::string name = text ? text.get() : type.name();
  constexpr std::string_view kOurs = "asyncio::";
  if (name.starts_with(kOurs)) name.erase(0, kOurs.size());
  return name;
}

bool is_cancelled_error(const std::exception_ptr& error) noexcept {
  if (!error) return false;
#if defined(__GLIBCXX__)
  // The class is final, so it is enough to compare the exact type.
  return *error.__cxa_exception_type() == typeid(CancelledError);
#else
  try {
    std::rethrow_exception(error);
  } catch (const CancelledError&) {
    return true;
  } catch (...) {
    return false;
  }
#endif
}

bool is_exit(const std::exception_ptr& error) noexcept {
  if (!error) return false;
  try {
    std::rethrow_exception(error);
  } catch (const BaseExit&) {
    return true;
  } catch (...) {
    return false;
  }
}

std::string describe(const std::exception_ptr& error) {
  if (!error) return "no error";
  try {
    std::rethrow_exception(error);
  } catch (const CancelledError& cancelled) {
    const std::string& message = cancelled.message();
    return message.empty() ? "CancelledError" : "CancelledError: " + message;
  } catch (const GeneratorExit&) {
    return "GeneratorExit";
  } catch (const SystemExit& exit) {
    return "SystemExit: " + std::to_string(exit.code());
  } catch (const KeyboardInterrupt&) {
    return "KeyboardInterrupt";
  } catch (const ExceptionGroup& group) {
    std::string text = type_name(typeid(group)) + ": " + group.message();
    const char* before = " [";
    for (const std::exception_ptr& member : group.exceptions()) {
      text += std::exchange(before, ", ") + describe(member);
    }
    return text + "]";
  } catch (const std::exception& exception) {
    const std::string text = exception.what();
    const std::string name = type_name(typeid(exception));
    return text.empty() ? name : name + ": " + text;
  } catch (...) {
    return "an exception of unknown type";
  }
}

}  // namespace asyncio
