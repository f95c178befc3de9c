#include <asyncio/base/error.hpp>
#include <asyncio/detail/loop/descriptors.hpp>
#include <string>
#include <system_error>
#include <utility>

namespace asyncio::detail {

namespace {

Interest interest_of(Direction direction) noexcept {
  return direction == Direction::read ? Interest::read : Interest::write;
}

Interest interest_of(bool read, bool write) noexcept {
  return static_cast<Interest>((read ? 1U : 0U) | (write ? 2U : 0U));
}

Interest with(Interest interest, Direction direction) noexcept {
  return static_cast<Interest>(static_cast<unsigned>(interest) |
                               static_cast<unsigned>(interest_of(direction)));
}

Interest without(Interest interest, Direction direction) noexcept {
  return static_cast<Interest>(static_cast<unsigned>(interest) &
                               ~static_cast<unsigned>(interest_of(direction)));
}

[[noreturn]] void throw_owned(int fd) {
  throw RuntimeError("descriptor " + std::to_string(fd) +
                     " belongs to a socket or stream of the library");
}

}  // namespace

// --- One direction ---

void DescriptorSide::report(ReadyQueue& ready) noexcept {
  reported_ = listener_;
  if (std::exchange(queued_, true)) return;
  owner_.add_ref();  // the queue's reference
  ready.push_back(*this);
}

void DescriptorSide::run() noexcept {
  const Ref<Descriptor> keep_alive(&owner_);
  owner_.release();  // the queue's reference
  queued_ = false;
  if (ReadyListener* const listener = std::exchange(reported_, nullptr)) listener->ready();
}

void DescriptorSide::discard() noexcept {
  queued_ = false;
  reported_ = nullptr;
  owner_.release();  // the queue's reference, which may be the last one
}

// --- A descriptor ---

bool Descriptor::has_listener(Direction direction) const noexcept {
  return side(direction).listener_ != nullptr;
}

void Descriptor::listen(Descriptors& table, Direction direction, ReadyListener& listener) {
  if (table_ == nullptr) table.attach(*this);
  if (table_ != &table) {
    throw RuntimeError("descriptor " + std::to_string(fd()) + " is watched by another event loop");
  }
  if (!asks(asked_, interest_of(direction))) table.ask(*this, direction);
  side(direction).listener_ = &listener;
  ++table.waiting_;
}

void Descriptor::unlisten(Direction direction) noexcept {
  DescriptorSide& left = side(direction);
  if (left.listener_ == nullptr) return;
  left.listener_ = left.reported_ = nullptr;
  if (table_ != nullptr) --table_->waiting_;
}

Descriptor::~Descriptor() {
  if (table_ != nullptr) table_->detach(*this);
}

void Descriptor::close() noexcept {
  if (table_ != nullptr) {
    ReadyQueue& ready = table_->ready_;
    table_->detach(*this);
    for (const Direction direction : {Direction::read, Direction::write}) {
      if (has_listener(direction)) side(direction).report(ready);
    }
  }
  fd_.reset();
}

// --- The table ---

Descriptors::Slot* Descriptors::find(int fd) noexcept {
  if (fd < 0 || static_cast<std::size_t>(fd) >= slots_.size()) return nullptr;
  return &slots_[static_cast<std::size_t>(fd)];
}

/// Makes sure that `fd` has a slot.
///
/// REQUIRES: `fd` is open. Any other number could be too large for a table.
void Descriptors::grow_to(int fd) {
  const auto size = static_cast<std::size_t>(fd) + 1;
  if (size > slots_.size()) slots_.resize(size);
}

void Descriptors::dispatch(std::span<const PollEvent> events) noexcept {
  for (const PollEvent& event : events) {
    Slot* const slot = find(event.fd);
    if (slot == nullptr) continue;
    for (const Direction direction : {Direction::read, Direction::write}) {
      if (!(direction == Direction::read ? event.readable : event.writable)) continue;
      if (slot->owner != nullptr) {
        handle(*slot->owner, direction);
      } else if (const Ref<Callback>& callback = slot->callback(direction)) {
        callback->add_ref();  // the queue's reference
        ready_.push_back(*callback);
      }
    }
  }
}

void Descriptors::set_callback(int fd, Direction direction, Ref<Callback> callback) {
  Slot* slot = find(fd);
  if (slot != nullptr && slot->owner != nullptr) throw_owned(fd);
  if (slot != nullptr && slot->callback(direction)) {
    // The old callable is destroyed last, because its captures may change this table.
    const Ref<Callback> before = std::exchange(slot->callback(direction), std::move(callback));
    before->cancel();
    return;
  }
  const Direction other = direction == Direction::read ? Direction::write : Direction::read;
  const bool has_other = slot != nullptr && slot->callback(other);
  try {
    poller_.set_interest(fd, has_other ? Interest::read_write : interest_of(direction));
    grow_to(fd);
  } catch (...) {
    poller_.set_interest(fd, has_other ? interest_of(other) : Interest::none);
    throw;
  }
  slots_[static_cast<std::size_t>(fd)].callback(direction) = std::move(callback);
  ++waiting_;
}

bool Descriptors::remove_callback(int fd, Direction direction) {
  Slot* const slot = find(fd);
  if (slot != nullptr && slot->owner != nullptr) throw_owned(fd);
  if (slot == nullptr || !slot->callback(direction)) return false;
  const Ref<Callback> removed = std::exchange(slot->callback(direction), {});
  --waiting_;
  removed->cancel();  // destroys the captures of the callable, which may change this table
  if (const Slot* const left = find(fd); left != nullptr && left->owner == nullptr) {
    poller_.set_interest(
        fd, interest_of(static_cast<bool>(left->reader), static_cast<bool>(left->writer)));
  }
  return true;
}

void Descriptors::clear() noexcept {
  // The table is emptied first, because the destructor of a callback may call remove_reader().
  std::vector<Slot> slots = std::exchange(slots_, {});
  waiting_ = 0;
  for (std::size_t index = 0; index < slots.size(); ++index) {
    Slot& slot = slots[index];
    if (slot.owner != nullptr) {
      slot.owner->forget_table();
      slot.owner->unlisten(Direction::read);
      slot.owner->unlisten(Direction::write);
    }
    if (slot.reader || slot.writer || slot.owner != nullptr) unregister(static_cast<int>(index));
  }
}

// --- Descriptors of the library ---

void Descriptors::attach(Descriptor& descriptor) {
  const int fd = descriptor.fd();
  grow_to(fd);
  Slot& slot = slots_[static_cast<std::size_t>(fd)];
  if (slot.owner != nullptr) throw_owned(fd);
  if (slot.reader || slot.writer) {
    throw RuntimeError("descriptor " + std::to_string(fd) + " is watched by a reader or writer");
  }
  slot.owner = &descriptor;
  descriptor.table_ = this;
}

void Descriptors::detach(Descriptor& descriptor) noexcept {
  for (const Direction direction : {Direction::read, Direction::write}) {
    if (descriptor.has_listener(direction)) --waiting_;
  }
  slots_[static_cast<std::size_t>(descriptor.fd())].owner = nullptr;
  descriptor.table_ = nullptr;
  // Unregister before the descriptor is closed: after that, another file may get its number.
  if (std::exchange(descriptor.asked_, Interest::none) != Interest::none) {
    unregister(descriptor.fd());
  }
}

/// Removes `fd` from the poller. Does nothing in a forked child, which shares the poller with its
/// parent.
void Descriptors::unregister(int fd) noexcept {
  if (state_.is_of_this_process()) poller_.set_interest(fd, Interest::none);
}

void Descriptors::ask(Descriptor& descriptor, Direction direction) {
  const Interest before = descriptor.asked_;
  const Interest wanted = with(before, direction);
  try {
    poller_.set_interest(descriptor.fd(), wanted);
  } catch (...) {
    descriptor.asked_ = Interest::none;  // the poller has forgotten it
    poller_.set_interest(descriptor.fd(), before);
    descriptor.asked_ = before;
    throw;
  }
  descriptor.asked_ = wanted;
}

void Descriptors::handle(Descriptor& descriptor, Direction direction) noexcept {
  if (descriptor.has_listener(direction)) {
    descriptor.side(direction).report(ready_);
  } else {
    mask(descriptor, direction);
  }
}

/// Removes `direction` from the poller's interest. The slot keeps its owner, so that the next
/// listen() adds the direction again.
void Descriptors::mask(Descriptor& descriptor, Direction direction) noexcept {
  Interest wanted = without(descriptor.asked_, direction);
  try {
    poller_.set_interest(descriptor.fd(), wanted);
  } catch (const std::system_error&) {
    wanted = Interest::none;  // the poller has forgotten it
  }
  descriptor.asked_ = wanted;
}

}  // namespace asyncio::detail
