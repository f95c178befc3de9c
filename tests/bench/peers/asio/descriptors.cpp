// An echo server.

#include "asio.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <cstddef>
#include <exception>

namespace bench {
namespace {

using Tcp = asio::ip::tcp;

awaitable<void> serve(Tcp::socket socket) {
  std::array<char, std::size_t{16} * 1024> buffer;
  boost::system::error_code error;
  for (;;) {
    const std::size_t count = co_await socket.async_read_some(
        asio::buffer(buffer), asio::redirect_error(use_awaitable, error));
    if (error) co_return;
    co_await asio::async_write(socket, asio::buffer(buffer, count),
                               asio::redirect_error(use_awaitable, error));
    if (error) co_return;
  }
}

awaitable<void> accept_on(int port) {
  const auto executor = co_await asio::this_coro::executor;
  Tcp::acceptor acceptor(executor, Tcp::v4(), listen_on(port));
  for (;;) {
    Tcp::socket socket = co_await acceptor.async_accept(use_awaitable);
    socket.set_option(Tcp::no_delay(true));
    asio::co_spawn(executor, serve(std::move(socket)), asio::detached);
  }
}

void serve_echo(int port) {
  run([port](asio::io_context& context) {
    asio::co_spawn(context, accept_on(port), [](std::exception_ptr error) { rethrow(error); });
  });
}

}  // namespace

void enter_descriptors(Program& program) {
  program.serve_echo = serve_echo;
}

}  // namespace bench
