// The workloads without a library: bare C++ and system calls that do what has to be done and
// nothing else. No results are kept, nothing can be cancelled, no order is promised. What is left
// between a library and this is the price of what it does; nothing can be faster.

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <deque>
#include <exception>
#include <queue>
#include <thread>
#include <utility>
#include <vector>

#include "../bench.hpp"

namespace bench {
namespace {

// --- The least that a coroutine needs ---

/// Free blocks by size; one thread uses it.
class Frames {
 public:
  static void* take(std::size_t size) {
    Block*& free = list(size);
    if (free == nullptr) return ::operator new(size);
    return std::exchange(free, free->next);
  }
  static void give(void* memory, std::size_t size) noexcept {
    Block*& free = list(size);
    free = ::new (memory) Block{free};
  }

 private:
  struct Block {
    Block* next;
  };
  static Block*& list(std::size_t size) noexcept {
    static std::array<Block*, 64> lists{};
    return lists[size / 16];
  }
};

class Coroutine {
 public:
  struct promise_type {
    static void* operator new(std::size_t size) { return Frames::take(size); }
    static void operator delete(void* frame, std::size_t size) noexcept {
      Frames::give(frame, size);
    }
    struct FinalAwaiter {
      static bool await_ready() noexcept { return false; }
      static std::coroutine_handle<> await_suspend(
          std::coroutine_handle<promise_type> ended) noexcept {
        return ended.promise().parent;
      }
      static void await_resume() noexcept {}
    };
    Coroutine get_return_object() noexcept {
      return Coroutine(std::coroutine_handle<promise_type>::from_promise(*this));
    }
    static std::suspend_always initial_suspend() noexcept { return {}; }
    static FinalAwaiter final_suspend() noexcept { return {}; }
    [[noreturn]] static void unhandled_exception() noexcept { std::terminate(); }
    void return_value(int result) noexcept { value = result; }

    std::coroutine_handle<> parent = std::noop_coroutine();
    int value = 0;
  };

  Coroutine(Coroutine&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Coroutine& operator=(Coroutine&&) = delete;
  ~Coroutine() {
    if (handle_) handle_.destroy();
  }

  struct Awaiter {
    static bool await_ready() noexcept { return false; }
    std::coroutine_handle<> await_suspend(std::coroutine_handle<> parent) const noexcept {
      child.promise().parent = parent;
      return child;
    }
    [[nodiscard]] int await_resume() const noexcept { return child.promise().value; }
    std::coroutine_handle<promise_type> child;
  };
  Awaiter operator co_await() const noexcept { return Awaiter{handle_}; }

  [[nodiscard]] std::coroutine_handle<> handle() const noexcept { return handle_; }
  [[nodiscard]] int value() const noexcept { return handle_.promise().value; }

 private:
  explicit Coroutine(std::coroutine_handle<promise_type> handle) noexcept : handle_(handle) {}
  std::coroutine_handle<promise_type> handle_;
};

/// What is ready, in order: a ring that grows.
class Ring {
 public:
  void push(std::coroutine_handle<> handle) {
    if (end_ - begin_ == slots_.size()) grow();
    slots_[end_++ & (slots_.size() - 1)] = handle;
  }
  void run() {
    while (begin_ != end_) slots_[begin_++ & (slots_.size() - 1)].resume();
  }

 private:
  void grow() {
    std::vector<std::coroutine_handle<>> larger(slots_.size() * 2);
    for (std::size_t i = begin_; i != end_; ++i) {
      larger[i - begin_] = slots_[i & (slots_.size() - 1)];
    }
    end_ -= std::exchange(begin_, 0);
    slots_ = std::move(larger);
  }
  std::vector<std::coroutine_handle<>> slots_ = std::vector<std::coroutine_handle<>>(16);
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};
Ring ready;

struct Yield {
  static bool await_ready() noexcept { return false; }
  static void await_suspend(std::coroutine_handle<> handle) { ready.push(handle); }
  static void await_resume() noexcept {}
};

/// Where one coroutine waits until another one lets it go on.
struct Gate {
  struct Awaiter {
    static bool await_ready() noexcept { return false; }
    void await_suspend(std::coroutine_handle<> handle) const noexcept { gate.waiting = handle; }
    static void await_resume() noexcept {}
    Gate& gate;
  };
  Awaiter operator co_await() noexcept { return Awaiter{*this}; }
  void open() {
    if (waiting) ready.push(std::exchange(waiting, nullptr));
  }
  std::coroutine_handle<> waiting;
};

/// Runs the coroutines side by side to their ends.
void run_all(const std::vector<Coroutine>& all) {
  for (const Coroutine& coroutine : all) ready.push(coroutine.handle());
  ready.run();
}

// --- Tasks ---

Coroutine answer(int value) {
  co_return value;
}

void spawn() {
  constexpr int kRounds = 1000;
  constexpr int kTasks = 1000;
  report("spawn", best_of(wall_ns, 1.0 * kRounds * kTasks, [] {
           for (int round = 0; round < kRounds; ++round) {
             std::vector<Coroutine> all;
             all.reserve(kTasks);
             for (int i = 0; i < kTasks; ++i) all.push_back(answer(i));
             run_all(all);
             long sum = 0;
             for (const Coroutine& coroutine : all) sum += coroutine.value();
             require(sum == long{kTasks} * (kTasks - 1) / 2);
           }
         }));
}

Coroutine yield_often(int times) {
  for (int i = 0; i < times; ++i) co_await Yield();
  co_return 0;
}

void yield(const char* name, int tasks) {
  constexpr int kSwitches = 10'000'000;
  report(name, best_of(wall_ns, kSwitches, [tasks] {
           std::vector<Coroutine> all;
           for (int i = 0; i < tasks; ++i) all.push_back(yield_often(kSwitches / tasks));
           run_all(all);
         }));
}

Coroutine nested(int depth) {
  if (depth == 0) co_return 1;
  co_return co_await nested(depth - 1) + 1;
}

Coroutine nest_often(int times) {
  for (int i = 0; i < times; ++i) require(co_await nested(9) == 10);
  co_return 0;
}

void nested_awaits() {
  report("nested", best_of(wall_ns, 1e7, [] { nest_often(1'000'000).handle().resume(); }));
}

Coroutine yield_once(int value) {
  co_await Yield();
  co_return value;
}

void gather() {
  constexpr int kChildren = 100'000;
  report_with_memory("gather", "gather_rss_B", wall_ns, kChildren, [] {
    std::vector<Coroutine> all;
    all.reserve(kChildren);
    for (int i = 0; i < kChildren; ++i) all.push_back(yield_once(i));
    run_all(all);
    require(all.back().value() == kChildren - 1);
  });
}

// --- Timers ---

struct Timer {
  double when;
  std::coroutine_handle<> handle;
  bool operator<(const Timer& other) const noexcept { return when > other.when; }
};
std::priority_queue<Timer> timers_armed;

struct Sleep {
  static bool await_ready() noexcept { return false; }
  void await_suspend(std::coroutine_handle<> handle) const { timers_armed.push({when, handle}); }
  static void await_resume() noexcept {}
  double when;
};

Coroutine sleep_until(double when) {
  co_await Sleep{when};
  co_return 0;
}

void run_timers() {
  while (!timers_armed.empty()) {
    const double now = wall_ns();
    while (!timers_armed.empty() && timers_armed.top().when <= now) {
      const auto handle = timers_armed.top().handle;
      timers_armed.pop();
      handle.resume();
    }
    if (timers_armed.empty()) return;
    const double left = timers_armed.top().when - wall_ns();
    if (left <= 0) continue;
    const timespec duration{static_cast<std::time_t>(left / 1e9),
                            static_cast<long>(left) % 1'000'000'000};
    ::nanosleep(&duration, nullptr);
  }
}

void timers() {
  constexpr int kTasks = 1'000'000;
  report_with_memory("timers_cpu_ns", "timers_rss_B", cpu_ns, kTasks, [] {
    Random random;
    const double start = wall_ns();
    std::vector<Coroutine> all;
    all.reserve(kTasks);
    for (int i = 0; i < kTasks; ++i) {
      all.push_back(sleep_until(start + static_cast<double>(random.next() % 1'000'000'000)));
      all.back().handle().resume();
    }
    run_timers();
  });
}

void timeout() {
  constexpr int kTimes = 1'000'000;
  report("timeout_raw", best_of(wall_ns, kTimes, [] {
           for (int i = 0; i < kTimes; ++i) {
             timers_armed.push({1.0 * i, nullptr});
             timers_armed.pop();
           }
         }));
}

void sleepacc() {
  report_lateness("sleepacc", [](int sleeps) {
    const int timer = ::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
    std::vector<double> late_us;
    for (int i = 0; i < sleeps; ++i) {
      const double start = wall_ns();
      itimerspec in_a_millisecond{};
      in_a_millisecond.it_value.tv_nsec = 1'000'000;
      ::timerfd_settime(timer, 0, &in_a_millisecond, nullptr);
      std::uint64_t expirations = 0;
      require(::read(timer, &expirations, sizeof expirations) == sizeof expirations);
      late_us.push_back((wall_ns() - start - 1e6) / 1e3);
    }
    ::close(timer);
    return late_us;
  });
}

// --- Waiting for each other ---

struct Channel {
  [[nodiscard]] bool full() const noexcept { return items.size() >= size; }
  void put(int item) {
    items.push_back(item);
    getter.open();
  }
  int get() {
    const int item = items.front();
    items.pop_front();
    putter.open();
    return item;
  }
  std::size_t size;
  std::deque<int> items;
  Gate getter;
  Gate putter;
};

Coroutine produce(Channel& channel, int items) {
  for (int i = 0; i < items; ++i) {
    while (channel.full()) co_await channel.putter;
    channel.put(i);
  }
  co_return 0;
}

Coroutine consume(Channel& channel, int items) {
  for (int i = 0; i < items; ++i) {
    while (channel.items.empty()) co_await channel.getter;
    require(channel.get() == i);
  }
  co_return 0;
}

void queue100() {
  constexpr int kItems = 2'000'000;
  report("queue100", best_of(wall_ns, kItems, [] {
           Channel channel{100, {}, {}, {}};
           std::vector<Coroutine> all;
           all.push_back(produce(channel, kItems));
           all.push_back(consume(channel, kItems));
           run_all(all);
         }));
}

Coroutine throw_ball(Channel& there, Channel& back, int rounds, bool first) {
  for (int i = 0; i < rounds; ++i) {
    if (first) there.put(i);
    while (back.items.empty()) co_await back.getter;
    require(back.get() == i);
    if (!first) there.put(i);
  }
  co_return 0;
}

void pingpong1() {
  constexpr int kRounds = 1'000'000;
  report("pingpong1", best_of(wall_ns, 2.0 * kRounds, [] {
           Channel there{1, {}, {}, {}};
           Channel back{1, {}, {}, {}};
           std::vector<Coroutine> all;
           all.push_back(throw_ball(there, back, kRounds, true));
           all.push_back(throw_ball(back, there, kRounds, false));
           run_all(all);
         }));
}

Coroutine open_and_wait(Gate& mine, Gate& other, int times) {
  for (int i = 0; i < times; ++i) {
    other.open();
    co_await mine;
  }
  other.open();
  co_return 0;
}

void wake_each_other(const char* name) {
  constexpr int kTimes = 1'000'000;
  report(name, best_of(wall_ns, 2.0 * kTimes, [] {
           Gate one;
           Gate two;
           std::vector<Coroutine> all;
           all.push_back(open_and_wait(one, two, kTimes));
           all.push_back(open_and_wait(two, one, kTimes));
           run_all(all);
         }));
}

struct Lock {
  bool held = false;
  std::deque<std::coroutine_handle<>> waiting;
  [[nodiscard]] bool await_ready() noexcept { return !std::exchange(held, true); }
  void await_suspend(std::coroutine_handle<> handle) { waiting.push_back(handle); }
  static void await_resume() noexcept {}
  void release() {
    held = !waiting.empty();
    if (!held) return;
    ready.push(waiting.front());
    waiting.pop_front();
  }
};

Coroutine lock_often(Lock& lock, int times, bool yields) {
  for (int i = 0; i < times; ++i) {
    co_await lock;
    if (yields) co_await Yield();
    lock.release();
  }
  co_return 0;
}

void lock_in_turn(const char* name, int tasks, int times, bool yields) {
  report(name, best_of(wall_ns, times, [=] {
           Lock lock;
           std::vector<Coroutine> all;
           for (int i = 0; i < tasks; ++i) all.push_back(lock_often(lock, times / tasks, yields));
           run_all(all);
         }));
}

// --- Threads ---

/// Nodes that one thread pushes and another one takes all at once.
struct Post {
  Post* next;
};

void xpost() {
  constexpr int kPosts = 1'000'000;
  std::vector<Post> posts(kPosts);
  report("xpost", best_of(wall_ns, kPosts, [&posts] {
           std::atomic<Post*> head{nullptr};
           std::thread poster([&] {
             for (Post& post : posts) {
               post.next = head.load(std::memory_order_relaxed);
               while (!head.compare_exchange_weak(post.next, &post, std::memory_order_release,
                                                  std::memory_order_relaxed)) {
               }
             }
           });
           int received = 0;
           while (received < kPosts) {
             Post* post = head.exchange(nullptr, std::memory_order_acquire);
             for (; post != nullptr; post = post->next) ++received;
           }
           poster.join();
         }));
}

/// What one thread gives to another, which sleeps until then.
class Baton {
 public:
  ~Baton() { ::close(fd_); }
  void give() const {
    const std::uint64_t one = 1;
    require(::write(fd_, &one, sizeof one) == sizeof one);
  }
  void take() const {
    std::uint64_t count = 0;
    require(::read(fd_, &count, sizeof count) == sizeof count);
  }

 private:
  int fd_ = ::eventfd(0, EFD_CLOEXEC);
};

/// Two threads on one processor hand the turn to each other and back.
void hand_over(const char* name) {
  constexpr int kTimes = 20'000;
  const OneProcessor one;
  report(name, best_of(wall_ns, kTimes * 1e3, [] {
           Baton there;
           Baton back;
           std::thread other([&] {
             for (int i = 0; i < kTimes; ++i) {
               there.take();
               back.give();
             }
           });
           for (int i = 0; i < kTimes; ++i) {
             there.give();
             back.take();
           }
           other.join();
         }));
}

// --- Input and output ---

void serve_echo(int port) {
  static std::array<char, std::size_t{64} * 1024> buffer;
  const int listener = listen_on(port);
  const int poller = ::epoll_create1(EPOLL_CLOEXEC);
  const auto watch = [poller](int fd) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = fd;
    require(::epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event) == 0);
  };
  watch(listener);
  std::array<epoll_event, 256> events{};
  for (;;) {
    const int count = ::epoll_wait(poller, events.data(), events.size(), -1);
    for (int i = 0; i < count; ++i) {
      const int fd = events[static_cast<std::size_t>(i)].data.fd;
      if (fd == listener) {
        const int connection = ::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
        const int on = 1;
        ::setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        watch(connection);
        continue;
      }
      const ssize_t got = ::recv(fd, buffer.data(), buffer.size(), 0);
      if (got <= 0) {
        ::close(fd);
      } else {
        require(::send(fd, buffer.data(), static_cast<std::size_t>(got), MSG_NOSIGNAL) == got);
      }
    }
  }
}

// --- startup: nothing but a coroutine ---

void startup() {
  run_all([] {
    std::vector<Coroutine> all;
    all.push_back(yield_once(0));
    return all;
  }());
}

constexpr Workload kWorkloads[] = {
    {"startup", startup},
    {"spawn", spawn},
    {"yield2", [] { yield("yield2", 2); }},
    {"yield1000", [] { yield("yield1000", 1000); }},
    {"nested", nested_awaits},
    {"gather", gather},
    {"timers", timers},
    {"timeout", timeout},
    {"sleepacc", sleepacc},
    {"pingpong1", pingpong1},
    {"queue100", queue100},
    {"event", [] { wake_each_other("event"); }},
    {"future", [] { wake_each_other("future"); }},
    {"mutex", [] { lock_in_turn("mutex", 1, 10'000'000, false); }},
    {"mutex10", [] { lock_in_turn("mutex10", 10, 1'000'000, true); }},
    {"xpost", xpost},
    {"xrt", [] { hand_over("xrt_us"); }},
    {"tothread", [] { hand_over("tothread_us"); }},
};

}  // namespace
}  // namespace bench

int main(int argc, char** argv) {
  return bench::run_main(argc, argv, {bench::kWorkloads}, bench::serve_echo);
}
