// Work that crosses threads.

#include <atomic>
#include <cstddef>
#include <thread>
#include <vector>

#include "limit.hpp"

namespace bench {
namespace {

/// A stack of nodes that one thread pushes and another one takes all at once.
struct Post {
  Post* next;
};

void post(int posts) {
  static std::vector<Post> all;
  all.resize(static_cast<std::size_t>(posts));
  std::atomic<Post*> head{nullptr};
  std::thread poster([&head] {
    for (Post& post : all) {
      post.next = head.load(std::memory_order_relaxed);
      while (!head.compare_exchange_weak(post.next, &post, std::memory_order_release,
                                         std::memory_order_relaxed)) {
      }
    }
  });
  int received = 0;
  while (received < posts) {
    const Post* post = head.exchange(nullptr, std::memory_order_acquire);
    for (; post != nullptr; post = post->next) ++received;
  }
  poster.join();
}

// Two threads pass the turn back and forth.
void hand_over(int times) {
  const Baton there;
  const Baton back;
  std::thread other([&there, &back, times] {
    for (int i = 0; i < times; ++i) {
      there.take();
      back.give();
    }
  });
  for (int i = 0; i < times; ++i) {
    there.give();
    back.take();
  }
  other.join();
}

}  // namespace

void enter_threads(Program& program) {
  program.post = post;
  program.submit = hand_over;
  program.call_on_thread = hand_over;
}

}  // namespace bench
