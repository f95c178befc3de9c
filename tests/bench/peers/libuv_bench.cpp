// The workloads with libuv. It has no coroutines, so only those with callbacks and timers.

#include <uv.h>

#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "../bench.hpp"

namespace bench {
namespace {

/// Calls `start(loop)` and runs until all of its work has ended.
template <class F>
void run(F start) {
  uv_loop_t loop;
  require(uv_loop_init(&loop) == 0);
  start(&loop);
  uv_run(&loop, UV_RUN_DEFAULT);
  uv_loop_close(&loop);
}

// --- Timers ---

void close_timer(uv_timer_t* timer) {
  uv_close(reinterpret_cast<uv_handle_t*>(timer), nullptr);
}

void sleep(int rounds, int tasks, int most_ns) {
  const std::unique_ptr<uv_timer_t[]> all(new uv_timer_t[static_cast<std::size_t>(tasks)]);
  run([&all, rounds, tasks, most_ns](uv_loop_t* loop) {
    Random random;
    for (int round = 0; round < rounds; ++round) {
      for (int i = 0; i < tasks; ++i) {
        uv_timer_t& timer = all[static_cast<std::size_t>(i)];
        uv_timer_init(loop, &timer);
        // libuv counts milliseconds.
        uv_timer_start(&timer, close_timer,
                       random.below(static_cast<unsigned>(most_ns)) / 1'000'000, 0);
      }
      uv_run(loop, UV_RUN_DEFAULT);
    }
  });
}

void arm_and_cancel(int times) {
  uv_timer_t timer;
  run([&timer, times](uv_loop_t* loop) {
    uv_timer_init(loop, &timer);
    for (int i = 0; i < times; ++i) {
      uv_timer_start(&timer, close_timer, 10'000, 0);
      uv_timer_stop(&timer);
    }
    close_timer(&timer);
  });
}

struct Sleeper {
  uv_timer_t timer;  // its data points to this object
  int left;
  double start;
  std::vector<double> late_us;

  void sleep() {
    start = wall_ns();
    uv_update_time(timer.loop);
    uv_timer_start(&timer, woken, 1, 0);
  }
  static void woken(uv_timer_t* timer) {
    auto& self = *static_cast<Sleeper*>(timer->data);
    self.late_us.push_back((wall_ns() - self.start - 1e6) / 1e3);
    if (--self.left > 0) {
      self.sleep();
    } else {
      close_timer(timer);
    }
  }
};

std::vector<double> lateness_us(int sleeps) {
  Sleeper sleeper{{}, sleeps, 0, {}};
  run([&sleeper](uv_loop_t* loop) {
    uv_timer_init(loop, &sleeper.timer);
    sleeper.timer.data = &sleeper;
    sleeper.sleep();
  });
  return std::move(sleeper.late_us);
}

// --- Threads: callbacks in a list under a lock, and uv_async_send(); the pool of threads ---

struct Mail {
  uv_async_t async;  // its data points to this object
  std::mutex mutex;
  std::vector<std::function<void()>> posts;

  void post(std::function<void()> callback) {
    {
      const std::lock_guard lock(mutex);
      posts.push_back(std::move(callback));
    }
    uv_async_send(&async);
  }
  void end() { uv_close(reinterpret_cast<uv_handle_t*>(&async), nullptr); }
  static void deliver(uv_async_t* async) {
    auto& self = *static_cast<Mail*>(async->data);
    std::vector<std::function<void()>> posts;
    {
      const std::lock_guard lock(self.mutex);
      posts.swap(self.posts);
    }
    for (const auto& callback : posts) callback();
  }
};

void post(int posts) {
  Mail mail{};
  int received = 0;
  std::thread poster;
  run([&](uv_loop_t* loop) {
    uv_async_init(loop, &mail.async, Mail::deliver);
    mail.async.data = &mail;
    poster = std::thread([&mail, &received, posts] {
      for (int i = 0; i < posts; ++i) {
        mail.post([&mail, &received, posts] {
          if (++received == posts) mail.end();
        });
      }
    });
  });
  poster.join();
}

struct Call {
  uv_work_t work;  // its data points to this object
  int left;

  void submit(uv_loop_t* loop) {
    uv_queue_work(
        loop, &work, [](uv_work_t*) {},
        [](uv_work_t* done, int) {
          auto& self = *static_cast<Call*>(done->data);
          if (--self.left > 0) self.submit(done->loop);
        });
  }
};

void call_on_thread(int times) {
  Call call{{}, times};
  run([&call](uv_loop_t* loop) {
    call.work.data = &call;
    call.submit(loop);
  });
}

// --- Input and output ---

std::array<char, std::size_t{64} * 1024> shared_buffer;  // for all connections

struct Connection {
  uv_tcp_t tcp;  // its data points to this object

  static void close(uv_stream_t* stream) {
    uv_close(reinterpret_cast<uv_handle_t*>(stream),
             [](uv_handle_t* handle) { delete static_cast<Connection*>(handle->data); });
  }
  static void provide(uv_handle_t*, std::size_t, uv_buf_t* buffer) {
    *buffer = uv_buf_init(shared_buffer.data(), shared_buffer.size());
  }
  static void got(uv_stream_t* stream, ssize_t count, const uv_buf_t*) {
    if (count < 0) {
      close(stream);
    } else if (count > 0) {
      const uv_buf_t data = uv_buf_init(shared_buffer.data(), static_cast<unsigned>(count));
      require(uv_try_write(stream, &data, 1) == count);
    }
  }
};

void accept_one(uv_stream_t* listener, int status) {
  require(status == 0);
  auto* const connection = new Connection;
  uv_tcp_init(listener->loop, &connection->tcp);
  connection->tcp.data = connection;
  auto* const stream = reinterpret_cast<uv_stream_t*>(&connection->tcp);
  require(uv_accept(listener, stream) == 0);
  uv_tcp_nodelay(&connection->tcp, 1);
  uv_read_start(stream, Connection::provide, Connection::got);
}

void serve_echo(int port) {
  uv_tcp_t listener;
  run([&listener, port](uv_loop_t* loop) {
    uv_tcp_init(loop, &listener);
    require(uv_tcp_open(&listener, listen_on(port)) == 0);
    require(uv_listen(reinterpret_cast<uv_stream_t*>(&listener), SOMAXCONN, accept_one) == 0);
  });
}

void startup() {
  uv_timer_t timer;
  run([&timer](uv_loop_t* loop) {
    uv_timer_init(loop, &timer);
    uv_timer_start(&timer, close_timer, 0, 0);
  });
}

}  // namespace
}  // namespace bench

int main(int argc, char** argv) {
  using namespace bench;
  const Program program{
      .startup = startup,
      .sleep = sleep,
      .arm_and_cancel = arm_and_cancel,
      .lateness_us = lateness_us,
      .post = post,
      .call_on_thread = call_on_thread,
      .serve_echo = serve_echo,
  };
  return run_main(argc, argv, program);
}
