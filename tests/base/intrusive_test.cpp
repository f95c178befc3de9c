#include "asyncio/detail/base/intrusive.hpp"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace asyncio::detail {
namespace {

std::vector<const ListNode*> nodes_of(const ListNode& head) {
  std::vector<const ListNode*> nodes;
  for (const ListNode* node = head.next(); node != &head; node = node->next()) {
    nodes.push_back(node);
  }
  return nodes;
}
using Nodes = std::vector<const ListNode*>;

TEST(ListNode, KeepsTheOrderOfLinking) {
  ListNode head;
  ListNode a;
  ListNode b;
  ListNode c;

  a.link_before(head);
  c.link_before(head);
  b.link_before(c);

  EXPECT_EQ(nodes_of(head), (Nodes{&a, &b, &c}));
}

TEST(ListNode, CanBeUnlinkedAnywhereAndLinkedAgain) {
  ListNode head;
  ListNode a;
  ListNode b;
  a.link_before(head);
  b.link_before(head);

  a.unlink();
  a.unlink();  // harmless
  EXPECT_FALSE(a.linked());
  EXPECT_EQ(nodes_of(head), Nodes{&b});

  a.link_before(head);
  EXPECT_EQ(nodes_of(head), (Nodes{&b, &a}));
}

TEST(ListNode, LeavesItsListWhenDestroyed) {
  ListNode head;
  ListNode a;
  a.link_before(head);
  {
    ListNode temporary;
    temporary.link_before(head);
  }

  EXPECT_EQ(nodes_of(head), Nodes{&a});
}

TEST(ListNode, SurvivesTheHeadOfItsList) {
  ListNode a;
  ListNode b;
  {
    ListNode head;
    a.link_before(head);
    b.link_before(head);
  }

  EXPECT_EQ(a.next(), &b);
  EXPECT_EQ(b.next(), &a);
}

class Counted {
 public:
  explicit Counted(int& ends) : ends_(ends) {}
  void add_ref() noexcept { ++references; }
  // Not inlined: g++ 12 would warn that the other owners use the object after its deletion.
  [[gnu::noinline]] void release() noexcept {
    if (--references == 0) delete this;
  }
  int references = 0;

 protected:
  virtual ~Counted() { ++ends_; }

 private:
  int& ends_;
};
class Derived final : public Counted {
  using Counted::Counted;
};

TEST(Ref, DestroysItsObjectWithTheLastShare) {
  int ends = 0;
  {
    Ref<Counted> first(new Derived(ends));
    const Ref<Counted> copy = first;
    EXPECT_EQ(copy->references, 2);

    first = {};
    EXPECT_FALSE(first);
    EXPECT_EQ(copy->references, 1);
    EXPECT_EQ(ends, 0);
  }

  EXPECT_EQ(ends, 1);
}

TEST(Ref, MovesWithoutCounting) {
  int ends = 0;
  Ref<Derived> derived(new Derived(ends));

  Ref<Counted> base = std::move(derived);
  Ref<Counted> moved = std::move(base);

  EXPECT_EQ(moved->references, 1);
  EXPECT_EQ(base.get(), nullptr);  // NOLINT(bugprone-use-after-move)
}

TEST(Ref, GivesUpItsShareOnDetach) {
  int ends = 0;
  Ref<Counted> owner(new Derived(ends));

  Counted* const object = owner.detach();
  EXPECT_EQ(object->references, 1);
  object->release();

  EXPECT_EQ(ends, 1);
}

TEST(Ref, SurvivesAssignmentToItself) {
  int ends = 0;
  Ref<Counted> owner(new Derived(ends));

  const Ref<Counted>& same = owner;
  owner = same;

  EXPECT_EQ(owner->references, 1);
  EXPECT_EQ(ends, 0);
}

}  // namespace
}  // namespace asyncio::detail
