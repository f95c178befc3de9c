// echo_client PORT CONNECTIONS BYTES SECONDS: connects to an echo server on this machine and keeps
// each connection busy with one request at a time. Prints `RESULT requests n` and
// `RESULT seconds s`.

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <system_error>
#include <vector>

#include "bench.hpp"

namespace bench {
namespace {

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

int connect_to(int port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (fd < 0 || ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) < 0) {
    fail("connect");
  }
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return fd;
}

class Client {
 public:
  Client(int port, std::size_t connections, std::size_t bytes) : request_(bytes, 'x') {
    for (std::size_t i = 0; i < connections; ++i) {
      const int fd = connect_to(port);
      epoll_event event{};
      event.events = EPOLLIN;
      event.data.u64 = i;
      if (::epoll_ctl(poller_, EPOLL_CTL_ADD, fd, &event) < 0) fail("epoll_ctl");
      fds_.push_back(fd);
      missing_.push_back(0);
    }
  }

  /// Returns the number of requests that were answered in `seconds`.
  long run(double seconds) {
    long answered = 0;
    for (std::size_t i = 0; i < fds_.size(); ++i) ask(i);
    const double end = wall_ns() + seconds * 1e9;
    std::array<epoll_event, 512> events{};
    while (wall_ns() < end) {
      const int count = ::epoll_wait(poller_, events.data(), events.size(), 1000);
      for (int k = 0; k < count; ++k) {
        const std::size_t i = events[static_cast<std::size_t>(k)].data.u64;
        const ssize_t got = ::recv(fds_[i], answer_.data(), answer_.size(), 0);
        if (got <= 0) fail("recv");
        missing_[i] -= static_cast<std::size_t>(got);
        if (missing_[i] > 0) continue;
        ++answered;
        ask(i);
      }
    }
    return answered;
  }

 private:
  void ask(std::size_t i) {
    missing_[i] = request_.size();
    const ssize_t sent = ::send(fds_[i], request_.data(), request_.size(), MSG_NOSIGNAL);
    if (sent != static_cast<ssize_t>(request_.size())) fail("send");
  }

  std::string request_;
  std::vector<int> fds_;
  std::vector<std::size_t> missing_;  // bytes of the answer that have not arrived
  int poller_ = ::epoll_create1(EPOLL_CLOEXEC);
  std::array<char, std::size_t{64} * 1024> answer_{};
};

int run_client(char** argv) {
  const auto number = [](const char* text) { return std::atoi(text); };
  const double seconds = std::atof(argv[4]);
  Client client(number(argv[1]), static_cast<std::size_t>(number(argv[2])),
                static_cast<std::size_t>(number(argv[3])));
  const double start = wall_ns();
  const long requests = client.run(seconds);
  report("seconds", (wall_ns() - start) / 1e9);
  report("requests", static_cast<double>(requests));
  return 0;
}

}  // namespace
}  // namespace bench

int main(int argc, char** argv) {
  if (argc != 5) {
    std::fprintf(stderr, "usage: %s PORT CONNECTIONS BYTES SECONDS\n", argv[0]);
    return 2;
  }
  try {
    return bench::run_client(argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s: %s\n", argv[0], error.what());
    return 1;
  }
}
