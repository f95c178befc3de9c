// Readers and writers of the loop.

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <asyncio/asyncio.hpp>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "../bench.hpp"

namespace bench {
namespace {

// --- Many descriptors, one ready ---

void watch(int descriptors, int events) {
  const std::vector<Baton> all(static_cast<std::size_t>(descriptors));
  asyncio::EventLoop loop;
  Random random;
  int left = events;
  const auto give = [&] { all[random.below(all.size())].give(); };
  for (const Baton& baton : all) {
    loop.add_reader(baton.fd(), [&] {
      baton.take();
      if (--left > 0) {
        give();
      } else {
        loop.stop();
      }
    });
  }
  give();
  loop.run_forever();
  for (const Baton& baton : all) loop.remove_reader(baton.fd());
}

// --- An echo server ---

/// One connection, owned by its reader. Output that the kernel does not accept at once stays in
/// `unsent_`, and no input is read until it is sent.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(asyncio::EventLoop& loop, int fd) : loop_(loop), fd_(fd) {}
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() { ::close(fd_); }

  void read_on() {
    loop_.add_reader(fd_, [self = shared_from_this()] { self->read(); });
  }

 private:
  void read() {
    static std::array<char, std::size_t{64} * 1024> buffer;  // for all connections
    const ssize_t count = ::recv(fd_, buffer.data(), buffer.size(), 0);
    if (count > 0) {
      send(buffer.data(), static_cast<std::size_t>(count));
    } else if (count == 0 || !is_temporary(errno)) {
      loop_.remove_reader(fd_);  // destroys the reader and this connection
    }
  }

  void send(const char* data, std::size_t size) {
    const ssize_t count = ::send(fd_, data, size, MSG_NOSIGNAL);
    if (count < 0 && !is_temporary(errno)) {
      loop_.remove_reader(fd_);
      return;
    }
    const std::size_t sent = count < 0 ? 0 : static_cast<std::size_t>(count);
    if (sent == size) return;
    unsent_.assign(data + sent, size - sent);
    loop_.add_writer(fd_, [self = shared_from_this()] { self->send_rest(); });
    loop_.remove_reader(fd_);
  }

  void send_rest() {
    const ssize_t count = ::send(fd_, unsent_.data(), unsent_.size(), MSG_NOSIGNAL);
    if (count < 0 && is_temporary(errno)) return;
    if (count < 0) {
      loop_.remove_writer(fd_);
      return;
    }
    unsent_.erase(0, static_cast<std::size_t>(count));
    if (!unsent_.empty()) return;
    read_on();
    loop_.remove_writer(fd_);
  }

  static bool is_temporary(int error) { return error == EAGAIN || error == EINTR; }

  asyncio::EventLoop& loop_;
  int fd_;
  std::string unsent_;
};

void accept_all(asyncio::EventLoop& loop, int listener) {
  for (;;) {
    const int fd = ::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) return;
    const int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    std::make_shared<Connection>(loop, fd)->read_on();
  }
}

void serve(int port, const asyncio::LoopOptions& options) {
  const int listener = listen_on(port);
  asyncio::EventLoop loop(options);
  loop.add_reader(listener, [&loop, listener] { accept_all(loop, listener); });
  loop.run_forever();
}

void serve_echo(int port) {
  serve(port, {});
}

void serve_echo_awake(int port) {
  serve(port, asyncio::LoopOptions().busy_poll(std::chrono::microseconds(50)));
}

}  // namespace

void enter_descriptors(Program& program) {
  program.watch = watch;
  program.serve_echo = serve_echo;
  program.serve_echo_awake = serve_echo_awake;
}

}  // namespace bench
