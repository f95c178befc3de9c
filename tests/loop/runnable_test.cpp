#include "asyncio/detail/loop/runnable.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <utility>
#include <vector>

namespace asyncio::detail {
namespace {

class Entry final : public Runnable {
 public:
  void run() noexcept override {}
  void discard() noexcept override { ++discarded; }
  int discarded = 0;
};

TEST(CallbackList, RemovesEntriesFromAnyPosition) {
  std::vector<Entry> entries(5);
  CallbackList list;
  for (Entry& entry : entries) list.push_back(entry);

  EXPECT_TRUE(list.remove(entries[0]));
  EXPECT_TRUE(list.remove(entries[4]));
  EXPECT_TRUE(list.remove(entries[2]));
  EXPECT_FALSE(list.remove(entries[2]));

  EXPECT_EQ(&list.pop_front(), &entries[1]);
  EXPECT_EQ(&list.pop_front(), &entries[3]);
  EXPECT_TRUE(list.empty());
  EXPECT_FALSE(list.remove(entries[0]));
}

TEST(ReadyQueue, AppendsAListInOrder) {
  std::vector<Entry> entries(4);
  ReadyQueue queue;
  CallbackList list;
  queue.append(std::move(list));
  EXPECT_TRUE(queue.empty());
  queue.push_back(entries[0]);
  list.push_back(entries[1]);
  list.push_back(entries[2]);

  queue.append(std::move(list));
  queue.push_back(entries[3]);
  list.push_back(queue.pop_front());  // both can be used again

  for (std::size_t i = 1; i < 4; ++i) EXPECT_EQ(&queue.pop_front(), &entries[i]);
  EXPECT_TRUE(queue.empty());
  EXPECT_EQ(&list.pop_front(), &entries[0]);
}

TEST(ReadyQueue, KeepsEntriesPushedWhileItIsConsumed) {
  std::vector<Entry> entries(3);
  ReadyQueue queue;
  for (Entry& entry : entries) queue.push_back(entry);
  std::vector<Runnable*> used;

  queue.consume([&](Runnable& entry) {
    used.push_back(&entry);
    queue.push_back(entry);  // again
  });

  const std::vector<Runnable*> all{&entries[0], &entries[1], &entries[2]};
  EXPECT_EQ(used, all);
  for (Runnable* const entry : all) EXPECT_EQ(&queue.pop_front(), entry);
  EXPECT_TRUE(queue.empty());
}

TEST(ReadyQueue, DiscardsItsRemainingEntries) {
  std::vector<Entry> entries(3);
  ReadyQueue queue;
  for (Entry& entry : entries) queue.push_back(entry);

  queue.discard_all();

  EXPECT_TRUE(queue.empty());
  for (const Entry& entry : entries) EXPECT_EQ(entry.discarded, 1);
}

}  // namespace
}  // namespace asyncio::detail
