// The workloads on libuv: those that callbacks and timers have too. It has no coroutines.

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

/// Runs what `start(loop)` begins, to its end.
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

void timers() {
  constexpr int kTimers = 1'000'000;
  report_with_memory("timers_cpu_ns", "timers_rss_B", cpu_ns, kTimers, [] {
    const std::unique_ptr<uv_timer_t[]> all(new uv_timer_t[kTimers]);
    run([&all](uv_loop_t* loop) {
      Random random;
      for (int i = 0; i < kTimers; ++i) {
        uv_timer_init(loop, &all[static_cast<std::size_t>(i)]);
        // It counts milliseconds.
        uv_timer_start(&all[static_cast<std::size_t>(i)], close_timer, random.next() % 1000, 0);
      }
    });
  });
}

void timeout() {
  constexpr int kTimes = 1'000'000;
  report("timeout_raw", best_of(wall_ns, kTimes, [] {
           uv_timer_t timer;
           run([&timer](uv_loop_t* loop) {
             uv_timer_init(loop, &timer);
             for (int i = 0; i < kTimes; ++i) {
               uv_timer_start(&timer, close_timer, 10'000, 0);
               uv_timer_stop(&timer);
             }
             close_timer(&timer);
           });
         }));
}

// --- sleepacc ---

struct Sleeper {
  uv_timer_t timer;  // its data is this
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

void sleepacc() {
  report_lateness("sleepacc", [](int sleeps) {
    Sleeper sleeper{{}, sleeps, 0, {}};
    run([&sleeper](uv_loop_t* loop) {
      uv_timer_init(loop, &sleeper.timer);
      sleeper.timer.data = &sleeper;
      sleeper.sleep();
    });
    return std::move(sleeper.late_us);
  });
}

// --- xpost: callbacks in a list under a lock, and uv_async_send() ---

struct Mail {
  uv_async_t async;  // its data is this
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

void xpost() {
  constexpr int kPosts = 1'000'000;
  report("xpost", best_of(wall_ns, kPosts, [] {
           Mail mail{};
           int received = 0;
           std::thread poster;
           run([&](uv_loop_t* loop) {
             uv_async_init(loop, &mail.async, Mail::deliver);
             mail.async.data = &mail;
             poster = std::thread([&mail, &received] {
               for (int i = 0; i < kPosts; ++i) {
                 mail.post([&mail, &received] {
                   if (++received == kPosts) mail.end();
                 });
               }
             });
           });
           poster.join();
         }));
}

// --- tothread ---

struct Call {
  uv_work_t work;  // its data is this
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

void tothread() {
  constexpr int kTimes = 20'000;
  const OneProcessor one;
  report("tothread_us", best_of(wall_ns, kTimes * 1e3, [] {
           Call call{{}, kTimes};
           run([&call](uv_loop_t* loop) {
             call.work.data = &call;
             call.submit(loop);
           });
         }));
}

// --- Input and output ---

std::array<char, std::size_t{64} * 1024> shared_buffer;  // of all connections: one thread

struct Connection {
  uv_tcp_t tcp;  // its data is this

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

constexpr Workload kWorkloads[] = {
    {"startup", startup},   {"timers", timers}, {"timeout", timeout},
    {"sleepacc", sleepacc}, {"xpost", xpost},   {"tothread", tothread},
};

}  // namespace
}  // namespace bench

int main(int argc, char** argv) {
  return bench::run_main(argc, argv, {bench::kWorkloads}, bench::serve_echo);
}
