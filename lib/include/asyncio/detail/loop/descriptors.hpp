#pragma once

#include <asyncio/base/unique_fd.hpp>
#include <asyncio/detail/base/frame_pool.hpp>
#include <asyncio/detail/base/intrusive.hpp>
#include <asyncio/detail/loop/callback.hpp>
#include <asyncio/detail/loop/loop_state.hpp>
#include <asyncio/detail/loop/runnable.hpp>
#include <asyncio/poll/poller.hpp>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace asyncio::detail {

class Descriptor;
class Descriptors;

/// The directions in which data passes through a descriptor.
enum class Direction : std::uint8_t { read, write };

/// A listener for one direction of a Descriptor.
class ReadyListener {
 public:
  /// Handles an event of the direction, or the closing of the descriptor. It is called at the
  /// event's position in the turn. The listener stays registered until it calls unlisten().
  virtual void ready() noexcept = 0;

 protected:
  ~ReadyListener() = default;
};

/// One direction of a Descriptor. It is a queue entry of its own, so its listener can leave at any
/// time.
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
  // The listener at the time of the event. A later one waits for an event of its own.
  ReadyListener* reported_ = nullptr;
  bool queued_ = false;
};

/// A descriptor that the library owns and waits for, such as a socket. The first listen() registers
/// it with the poller. It stays registered until close(), so waiting again costs no system call.
///
/// It is reference-counted, because a queued event must keep it alive. The file descriptor is
/// closed by close() or with the last reference.
///
/// Thread:   the loop's.
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

  /// Calls `listener.ready()` at each event of `direction` until unlisten(). An event that
  /// is already pending counts, too.
  ///
  /// REQUIRES: is_open(), and no listener for that direction.
  /// Throws:   std::system_error naming the descriptor; RuntimeError if another loop watches it, or
  ///           if add_reader() or add_writer() watches its number.
  /// Cost:     one system call if `direction` is not registered, else none.
  void listen(Descriptors& table, Direction direction, ReadyListener& listener);

  /// Removes the listener, and an event that is queued for it. The registration stays.
  void unlisten(Direction direction) noexcept;

  /// Unregisters and closes the descriptor. Its listeners are called in the next turn.
  void close() noexcept;

 private:
  friend class Descriptors;
  friend class DescriptorSide;
  ~Descriptor();
  void forget_table() noexcept {
    table_ = nullptr;
    asked_ = Interest::none;
  }

  [[nodiscard]] DescriptorSide& side(Direction direction) noexcept {
    return direction == Direction::read ? read_ : write_;
  }
  [[nodiscard]] const DescriptorSide& side(Direction direction) const noexcept {
    return direction == Direction::read ? read_ : write_;
  }

  UniqueFd fd_;
  Descriptors* table_ = nullptr;     // null while it is not registered
  Interest asked_ = Interest::none;  // what the poller reports
  std::uint32_t references_ = 0;
  DescriptorSide read_{*this};
  DescriptorSide write_{*this};
};

/// The table of the descriptors that a loop watches: users' readers and writers, and the library's
/// own Descriptors.
///
/// An event in a direction without a listener removes that direction from the poller's interest;
/// the next listen() adds it again. So a stream that is read again and again costs no system calls
/// besides the reads, and a stream that is not read is reported once.
///
/// Invariants: a number belongs to users' callbacks or to one Descriptor, never to both.
///             `waiting_` counts callbacks and listeners.
///
/// Thread:   the loop's.
class Descriptors {
 public:
  Descriptors(const LoopState& state, Poller& poller, ReadyQueue& ready) noexcept
      : state_(state), poller_(poller), ready_(ready) {}
  Descriptors(const Descriptors&) = delete;
  Descriptors& operator=(const Descriptors&) = delete;

  /// Returns whether any descriptor has a callback or a listener.
  [[nodiscard]] bool any_waiting() const noexcept { return waiting_ > 0; }

  /// Queues the callbacks and listeners for `events`; for each descriptor, the reader comes first.
  void dispatch(std::span<const PollEvent> events) noexcept;

  /// Calls `callback` at each event of `direction`. Replaces an earlier callback.
  ///
  /// Throws:   std::system_error naming `fd`; RuntimeError if a Descriptor owns the number.
  /// Cost:     one system call, none for a replacement.
  void set_callback(int fd, Direction direction, Ref<Callback> callback);

  /// Removes and cancels the callback. Returns false if there is none.
  ///
  /// Throws:   std::system_error naming `fd` if the other direction can no longer be watched;
  ///           RuntimeError if a Descriptor owns the number.
  bool remove_callback(int fd, Direction direction);

  /// Removes all descriptors and discards the callbacks.
  void clear() noexcept;

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
  void unregister(int fd) noexcept;

  const LoopState& state_;
  Poller& poller_;
  ReadyQueue& ready_;
  std::vector<Slot> slots_;  // indexed by the descriptor's number
  std::size_t waiting_ = 0;
};

}  // namespace asyncio::detail
