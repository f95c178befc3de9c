// Checks that a compiler's coroutines work as the library requires. scripts/check compiles and runs
// this program first, so that a bug of the compiler is not mistaken for one of the library.
//
// Prints one line per question. If the library relies on an answer that is wrong, the line starts
// with FAIL and the exit status is 1. A known trap is only reported, because the sources avoid it
// (see step_lint of scripts/check).

#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <new>
#include <stdexcept>
#include <string>
#include <utility>

namespace {

/// Counts its objects, which reveals any that is destroyed twice or never.
struct Tracked {
  inline static int alive = 0;
  Tracked() { ++alive; }
  Tracked(const Tracked&) { ++alive; }
  Tracked(Tracked&&) noexcept { ++alive; }
  Tracked& operator=(const Tracked&) = default;
  ~Tracked() { --alive; }
};

std::size_t allocated_bytes = 0;
bool sizes_agree = true;

/// A lazy coroutine, started inside `bool await_suspend` as in the library: a child that ends at
/// once needs no stack, even if the compiler makes no tail calls.
class Routine {
 public:
  struct promise_type {
    std::coroutine_handle<> continuation = std::noop_coroutine();
    std::exception_ptr error;
    bool done = false;

    // Not inlined: g++ would take the frame for a block from malloc and warn.
    [[gnu::noinline]] static void* operator new(std::size_t size) {
      auto* block = static_cast<std::size_t*>(std::malloc(size + alignof(std::max_align_t)));
      if (block == nullptr) throw std::bad_alloc();
      *block = size;
      allocated_bytes += size;
      return reinterpret_cast<std::byte*>(block) + alignof(std::max_align_t);
    }
    [[gnu::noinline]] static void operator delete(void* frame, std::size_t size) {
      void* block = static_cast<std::byte*>(frame) - alignof(std::max_align_t);
      if (*static_cast<std::size_t*>(block) != size) sizes_agree = false;
      allocated_bytes -= size;
      std::free(block);
    }

    Routine get_return_object() { return Routine(Handle::from_promise(*this)); }
    std::suspend_always initial_suspend() noexcept { return {}; }
    struct Final {
      bool await_ready() noexcept { return false; }
      std::coroutine_handle<> await_suspend(std::coroutine_handle<promise_type> self) noexcept {
        self.promise().done = true;
        return self.promise().continuation;
      }
      void await_resume() noexcept {}
    };
    Final final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() { error = std::current_exception(); }
  };
  using Handle = std::coroutine_handle<promise_type>;

  /// Can be neither copied nor moved, so a compiler that copies awaiters rejects it.
  struct Awaiter {
    explicit Awaiter(Handle child) : child_(child) {}
    Awaiter(const Awaiter&) = delete;
    bool await_ready() { return false; }
    bool await_suspend(std::coroutine_handle<> parent) {
      child_.resume();
      if (child_.promise().done) return false;
      child_.promise().continuation = parent;
      return true;
    }
    void await_resume() {
      if (child_.promise().error) std::rethrow_exception(child_.promise().error);
    }
    Handle child_;
  };

  explicit Routine(Handle handle) : handle_(handle) {}
  Routine(Routine&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  ~Routine() {
    if (handle_) handle_.destroy();
  }
  Awaiter operator co_await() && { return Awaiter(handle_); }
  bool run() {
    handle_.resume();
    return handle_.promise().done && !handle_.promise().error;
  }

 private:
  Handle handle_;
};

Routine nothing() {
  co_return;
}
Routine takes(Tracked) {
  co_return;
}
Routine takes_text(std::string) {
  co_return;
}
Routine fails() {
  throw std::runtime_error("expected");
  co_return;
}

template <class Body>
Routine calls(Body body) {
  body();
  co_return;
}

/// Not an aggregate, because its default constructor is declared.
struct Options {
  Options() = default;
  Tracked value;
};
Routine with_options(Options = {}) {
  co_return;
}

struct Aggregate {
  int number = 0;
  Tracked value;
};
Routine with_aggregate(Aggregate) {
  co_return;
}

// ---- required by the library

/// Runs a coroutine and destroys it; returns whether it reached its end.
template <class Body, class... Args>
bool completes(Body& body, Args... args) {
  Routine routine = body(args...);
  return routine.run();
}

std::uintptr_t deepest = 0;
Routine notes_its_depth() {
  deepest = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
  co_return;
}

bool constant_stack() {
  std::uintptr_t first = 0;
  auto loop = [&]() -> Routine {
    co_await notes_its_depth();
    first = deepest;
    for (int i = 0; i < 100'000; ++i) co_await nothing();
    co_await notes_its_depth();
  };
  return completes(loop) && first == deepest;
}

bool sized_delete() {
  auto body = []() -> Routine {
    co_await takes_text(std::string(100, 'x'));
    co_await takes(Tracked());
  };
  return completes(body) && sizes_agree && allocated_bytes == 0;
}

bool temporaries() {
  auto body = []() -> Routine {
    co_await takes(Tracked());
    co_await calls([] {});
    int calls_made = 0;
    co_await calls([&] { ++calls_made; });
  };
  return completes(body) && Tracked::alive == 0;
}

bool default_options() {
  auto body = []() -> Routine {
    co_await with_options();
    co_await with_options({});
  };
  return completes(body) && Tracked::alive == 0;
}

bool destroyed_while_suspended() {
  auto body = [](Tracked) -> Routine {
    Tracked local;
    co_await std::suspend_always();
  };
  {
    auto routine = body(Tracked());
    if (routine.run()) return false;
  }
  return Tracked::alive == 0;
}

bool errors_arrive() {
  bool caught = false;
  auto body = [&]() -> Routine {
    try {
      co_await fails();
    } catch (const std::runtime_error&) {
      caught = true;
    }
  };
  return completes(body) && caught;
}

// ---- traps: true if the compiler handles the case correctly

bool owning_closure() {
  auto body = []() -> Routine {
    Tracked tracked;
    co_await calls([tracked] { (void)tracked; });
  };
  return completes(body) && Tracked::alive == 0;
}

bool braced_aggregate() {
  auto body = []() -> Routine { co_await with_aggregate(Aggregate{1, Tracked()}); };
  return completes(body) && Tracked::alive == 0;
}

bool class_conditional() {
  auto body = [](bool first) -> Routine { co_await takes(first ? Tracked() : Tracked()); };
  return completes(body, true) && Tracked::alive == 0;
}

struct Question {
  const char* text;
  bool (*right)();
  bool relied_on;
};

constexpr Question kQuestions[] = {
    {"100,000 awaits in a loop need no more stack than one", constant_stack, true},
    {"operator delete of a frame gets the size that operator new got", sized_delete, true},
    {"temporaries in a co_await expression are destroyed once", temporaries, true},
    {"default arguments and {} of a non-aggregate are destroyed once", default_options, true},
    {"a suspended coroutine destroys its parameters and locals", destroyed_while_suspended, true},
    {"an exception reaches the awaiting coroutine", errors_arrive, true},
    {"a closure that owns something, in a co_await expression", owning_closure, false},
    {"a braced aggregate that owns something, in a co_await expression", braced_aggregate, false},
    {"a conditional of class type, in a co_await expression", class_conditional, false},
};

}  // namespace

int main() {
  bool usable = true;
  for (const Question& question : kQuestions) {
    Tracked::alive = 0;
    const bool right = question.right();
    if (right) {
      std::printf("  ok    %s\n", question.text);
    } else if (question.relied_on) {
      std::printf("  FAIL  this compiler mishandles: %s\n", question.text);
      usable = false;
    } else {
      std::printf("  trap  this compiler mishandles, and the sources avoid: %s\n", question.text);
    }
  }
  return usable ? EXIT_SUCCESS : EXIT_FAILURE;
}
