#pragma once

#include <array>
#include <coroutine>
#include <cstddef>
#include <exception>
#include <new>
#include <utility>
#include <vector>

#include "../../bench.hpp"

// The workloads without a library: bare C++ and system calls that do only the required work. They
// keep no results, cannot be cancelled and promise no order. The difference between a library and
// these is the price of its features; no library can be faster.

namespace bench {

/// Lists of free blocks by size, for one thread.
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

/// The coroutines that are ready, in order: a ring that grows.
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
inline Ring ready;

struct Yield {
  static bool await_ready() noexcept { return false; }
  static void await_suspend(std::coroutine_handle<> handle) { ready.push(handle); }
  static void await_resume() noexcept {}
};

/// Runs the coroutines concurrently to their ends.
inline void run_all(const std::vector<Coroutine>& all) {
  for (const Coroutine& coroutine : all) ready.push(coroutine.handle());
  ready.run();
}

}  // namespace bench
