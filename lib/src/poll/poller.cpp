#include "asyncio/poll/poller.hpp"

#include <array>
#include <cstdlib>
#include <stdexcept>
#include <string>

namespace asyncio {

#if ASYNCIO_HAS_EPOLL
std::unique_ptr<Poller> make_epoll_poller();
#endif
#if ASYNCIO_HAS_KQUEUE
std::unique_ptr<Poller> make_kqueue_poller();
#endif
#if ASYNCIO_HAS_POLL
std::unique_ptr<Poller> make_poll_poller();
#endif

namespace {

struct Backend {
  std::string_view name;
  std::unique_ptr<Poller> (*make)();
};

/// The backends in this build, best first. Another backend takes one file and one entry here.
constexpr std::array kBackends = {
#if ASYNCIO_HAS_EPOLL
    Backend{"epoll", make_epoll_poller},
#endif
#if ASYNCIO_HAS_KQUEUE
    Backend{"kqueue", make_kqueue_poller},
#endif
#if ASYNCIO_HAS_POLL
    Backend{"poll", make_poll_poller},
#endif
};

std::string unknown_backend(std::string_view name) {
  std::string what = "no poller backend \"" + std::string(name) + "\" in this build, which has:";
  for (const Backend& backend : kBackends) what += " " + std::string(backend.name);
  return what;
}

}  // namespace

std::vector<std::string_view> poller_names() {
  std::vector<std::string_view> names;
  names.reserve(kBackends.size());
  for (const Backend& backend : kBackends) names.push_back(backend.name);
  return names;
}

std::unique_ptr<Poller> make_poller(std::string_view name) {
  for (const Backend& backend : kBackends) {
    if (backend.name == name) return backend.make();
  }
  throw std::invalid_argument(unknown_backend(name));
}

std::unique_ptr<Poller> make_poller() {
  const char* chosen = std::getenv("ASYNCIO_BACKEND");
  if (chosen == nullptr || *chosen == '\0') return kBackends.front().make();
  return make_poller(chosen);
}

}  // namespace asyncio
