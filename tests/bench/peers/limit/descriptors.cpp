// Descriptors.

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "limit.hpp"

namespace bench {
namespace {

/// Descriptors that are watched for input.
class Poller {
 public:
  ~Poller() { ::close(fd_); }
  void watch(int fd, std::uint64_t number) const {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = number;
    require(::epoll_ctl(fd_, EPOLL_CTL_ADD, fd, &event) == 0);
  }
  /// Waits until descriptors are ready, or for `timeout_ms`, and calls `call(number)` for each.
  template <class F>
  void wait(F&& call, int timeout_ms = -1) {
    const int count = ::epoll_wait(fd_, events_.data(), kMostEvents, timeout_ms);
    for (int i = 0; i < count; ++i) call(events_[static_cast<std::size_t>(i)].data.u64);
  }

 private:
  static constexpr int kMostEvents = 256;
  int fd_ = ::epoll_create1(EPOLL_CLOEXEC);
  std::array<epoll_event, kMostEvents> events_{};
};

void watch(int descriptors, int events) {
  const std::vector<Baton> all(static_cast<std::size_t>(descriptors));
  Poller poller;
  for (std::size_t i = 0; i < all.size(); ++i) poller.watch(all[i].fd(), i);
  Random random;
  for (int i = 0; i < events; ++i) {
    all[random.below(all.size())].give();
    poller.wait([&all](std::uint64_t ready) { all[ready].take(); });
  }
}

void answer(int fd) {
  static std::array<char, std::size_t{64} * 1024> buffer;
  const ssize_t got = ::recv(fd, buffer.data(), buffer.size(), 0);
  if (got <= 0) {
    ::close(fd);
  } else {
    require(::send(fd, buffer.data(), static_cast<std::size_t>(got), MSG_NOSIGNAL) == got);
  }
}

void serve(int port, int timeout_ms) {
  const int listener = listen_on(port);
  Poller poller;
  poller.watch(listener, static_cast<std::uint64_t>(listener));
  const auto serve_one = [&poller, listener](std::uint64_t ready) {
    const int fd = static_cast<int>(ready);
    if (fd != listener) return answer(fd);
    const int connection = ::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    const int on = 1;
    ::setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    poller.watch(connection, static_cast<std::uint64_t>(connection));
  };
  for (;;) poller.wait(serve_one, timeout_ms);
}

void serve_echo(int port) {
  serve(port, -1);
}

/// Serves without ever sleeping.
void serve_echo_awake(int port) {
  serve(port, 0);
}

}  // namespace

void enter_descriptors(Program& program) {
  program.watch = watch;
  program.serve_echo = serve_echo;
  program.serve_echo_awake = serve_echo_awake;
}

}  // namespace bench
