#pragma once

#include <asyncio/base/unique_fd.hpp>
#include <asyncio/detail/base/frame_pool.hpp>
#include <asyncio/detail/base/intrusive.hpp>
#include <asyncio/detail/loop/callback.hpp>
#include <asyncio/detail/loop/runnable.hpp>
#include <asyncio/poll/poller.hpp>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace asyncio::detail {

class Descriptor;
class Descriptors;

/// Which way data goes through a descriptor.
enum class Direction : std::uint8_t { read, write };

/// Waits for one direction of a Descriptor.
class ReadyListener {
 public:
  /// The direction is ready, or the descriptor has been closed. Called in the event's place in the
  /// turn. The listener stays until it calls unlisten().
  virtual void ready() noexcept = 0;

 protected:
  ~ReadyListener() = default;
};

/// One direction of a Descriptor. It is a queue entry of its own, so that its listener may leave at
/// any time.
class DescriptorSide final : public Runnable {
 public:
  explicit DescriptorSide(Descriptor& owner) noexcept : owner_(owner) {}

  void run() noexcept override;
  void discard() noexcept override;

 private:
  friend class Descriptor;
  friend class Descriptors;

  void report(ReadyQueue& ready) noexcept;

  Descriptor& owner_;
  ReadyListener* listener_ = nullptr;
  // The listener at the time of the event: one that came later waits for an event of its own.
  ReadyListener* reported_ = nullptr;
  bool queued_ = false;
};

/// A descriptor that the library owns and waits for, such as a socket's. It is registered with the
/// poller at the first listen() and stays so until close(): waiting again costs no system call.
///
/// Owners count, so a queued event keeps it alive. Its number is closed with close() or the last
/// owner.
///
/// Thread:   its loop's.
class Descriptor final : public FramePooled {
 public:
  explicit Descriptor(UniqueFd fd) noexcept : fd_(std::move(fd)) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  void add_ref() noexcept { ++references_; }
  void release() noexcept {
    if (--references_ == 0) delete this;
  }

  [[nodiscard]] int fd() const noexcept { return fd_.get(); }
  [[nodiscard]] bool is_open() const noexcept { return static_cast<bool>(fd_); }
  [[nodiscard]] bool has_listener(Direction direction) const noexcept;

  /// Calls `listener.ready()` at the next event of `direction`, and at every further one until
  /// unlisten(). An event that is pending already counts.
  ///
  /// REQUIRES: is_open(), and no listener of that direction.
  /// Throws:   std::system_error naming the descriptor; RuntimeError if add_reader() or
  ///           add_writer() watches its number.
  /// Cost:     one system call if `direction` is not registered; else none.
  void listen(Descriptors& table, Direction direction, ReadyListener& listener);

  /// Drops the listener; an event that is queued for it is dropped too. The registration stays.
  void unlisten(Direction direction) noexcept;

  /// Unregisters and closes the descriptor. Its listeners are told in the next turn.
  void close() noexcept;

 private:
  friend class Descriptors;
  friend class DescriptorSide;
  ~Descriptor();

  [[nodiscard]] DescriptorSide& side(Direction direction) noexcept {
    return direction == Direction::read ? read_ : write_;
  }
  [[nodiscard]] const DescriptorSide& side(Direction direction) const noexcept {
    return direction == Direction::read ? read_ : write_;
  }

  UniqueFd fd_;
  Descriptors* table_ = nullptr;  // null while it is not registered
  Interest asked_ = Interest::none;
  std::uint32_t references_ = 0;
  DescriptorSide read_{*this};
  DescriptorSide write_{*this};
};

/// The descriptors that a loop watches, by number: users' readers and writers, and the library's
/// own Descriptors.
///
/// An event of a direction that has no listener takes that direction out of the poller's interest,
/// once; the next listen() puts it back. So a stream that is read again and again costs no system
/// call beside its reads, and one that nobody reads is reported once.
///
/// Invariants: a number belongs to users' callbacks or to one Descriptor, never to both.
///             `waiting_` counts callbacks and listeners.
///
/// Thread:   the loop's.
class Descriptors {
 public:
  Descriptors(Poller& poller, ReadyQueue& ready) noexcept : poller_(poller), ready_(ready) {}
  Descriptors(const Descriptors&) = delete;
  Descriptors& operator=(const Descriptors&) = delete;

  /// Whether an event of some descriptor could have a consequence.
  [[nodiscard]] bool any_waiting() const noexcept { return waiting_ > 0; }

  /// Queues everything that the events are for, reader before writer of one descriptor.
  void dispatch(std::span<const PollEvent> events) noexcept;

  /// Calls `callback` at each event of `direction`; replaces an earlier one.
  ///
  /// Throws:   std::system_error naming `fd`; RuntimeError if a Descriptor owns the number.
  /// Cost:     one system call, none for a replacement.
  void set_callback(int fd, Direction direction, Ref<Callback> callback);

  /// Removes and cancels the callback; returns false if there is none.
  ///
  /// Throws:   std::system_error naming `fd`, if the other direction can no longer be watched;
  ///           RuntimeError if a Descriptor owns the number.
  bool remove_callback(int fd, Direction direction);

  /// Forgets all descriptors and discards the callbacks. Without `unregister` the poller is left
  /// alone: after a fork it is shared with the parent.
  void clear(bool unregister) noexcept;

 private:
  friend class Descriptor;

  struct Slot {
    Ref<Callback> reader;
    Ref<Callback> writer;
    Descriptor* owner = nullptr;

    [[nodiscard]] Ref<Callback>& callback(Direction direction) noexcept {
      return direction == Direction::read ? reader : writer;
    }
  };

  [[nodiscard]] Slot* find(int fd) noexcept;
  void grow_to(int fd);
  void attach(Descriptor& descriptor);
  void detach(Descriptor& descriptor) noexcept;
  void ask(Descriptor& descriptor, Direction direction);
  void handle(Descriptor& descriptor, Direction direction) noexcept;
  void mask(Descriptor& descriptor, Direction direction) noexcept;

  Poller& poller_;
  ReadyQueue& ready_;
  std::vector<Slot> slots_;  // by number
  std::size_t waiting_ = 0;
};

}  // namespace asyncio::detail
