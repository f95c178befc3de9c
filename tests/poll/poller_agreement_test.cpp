// Checks that all backends report the same after any sequence of events.

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstddef>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "poll/poller_contract.hpp"

namespace asyncio::poller_contract {
namespace {

/// Socket pairs and pipes that every backend watches, and random actions on them.
class WatchedEnds {
 public:
  WatchedEnds() {
    for (const std::string_view name : poller_names()) pollers_.push_back(make_poller(name));
    for (int i = 0; i < 2; ++i) {
      SocketPair pair;
      Pipe pipe;
      ends_.push_back(std::move(pair.near));
      ends_.push_back(std::move(pair.far));
      ends_.push_back(std::move(pipe.reader));
      ends_.push_back(std::move(pipe.writer));
    }
  }
  WatchedEnds(const WatchedEnds&) = delete;
  WatchedEnds& operator=(const WatchedEnds&) = delete;
  ~WatchedEnds() {
    for (UniqueFd& end : ends_) close(end);
  }

  /// Does something to one of the ends and returns a description of it.
  std::string act(std::mt19937& random) {
    UniqueFd& end = ends_[random() % ends_.size()];
    const std::string number = std::to_string(end.get());
    std::array<char, 4096> bytes{};
    if (!end) return "nothing";
    switch (random() % 16) {
      case 0:
        close(end);
        return "close " + number;
      case 1:
        (void)::shutdown(end.get(), random() % 2 == 0 ? SHUT_RD : SHUT_WR);  // fails on a pipe
        return "shutdown " + number;
      case 2:
        while (::write(end.get(), bytes.data(), bytes.size()) > 0) {
        }
        return "fill " + number;
      case 3:
        while (::read(end.get(), bytes.data(), bytes.size()) > 0) {
        }
        return "drain " + number;
      case 4:
      case 5:
        (void)::write(end.get(), bytes.data(), 1);  // fails on a reading or full end
        return "write to " + number;
      case 6:
      case 7:
        (void)::read(end.get(), bytes.data(), 1);  // fails on a writing or empty end
        return "read from " + number;
      default: {
        const auto interest = static_cast<Interest>(random() % 4);
        for (const auto& poller : pollers_) poller->set_interest(end.get(), interest);
        return "interest " + std::to_string(static_cast<int>(interest)) + " in " + number;
      }
    }
  }

  /// Returns the ready ends that each backend reports.
  std::vector<Ready> look() {
    std::vector<Ready> answers;
    for (const auto& poller : pollers_) {
      std::vector<PollEvent> events;
      poller->wait(0ns, events);
      answers.push_back(to_ready(events));
    }
    return answers;
  }

 private:
  void close(UniqueFd& end) {
    for (const auto& poller : pollers_) poller->set_interest(end.get(), Interest::none);
    end.reset();
  }

  std::vector<std::unique_ptr<Poller>> pollers_;
  std::vector<UniqueFd> ends_;
};

class IgnoreSigpipe {
 public:
  IgnoreSigpipe() : previous_(std::signal(SIGPIPE, SIG_IGN)) {}
  IgnoreSigpipe(const IgnoreSigpipe&) = delete;
  IgnoreSigpipe& operator=(const IgnoreSigpipe&) = delete;
  ~IgnoreSigpipe() { (void)std::signal(SIGPIPE, previous_); }

 private:
  void (*previous_)(int);
};

TEST(PollerAgreement, HoldsForRandomEvents) {
  const IgnoreSigpipe no_signal;
  for (unsigned seed = 0; seed < 200; ++seed) {
    std::mt19937 random(seed);
    WatchedEnds ends;
    std::string story = "seed " + std::to_string(seed);
    for (int step = 0; step < 60; ++step) {
      story += ", " + ends.act(random);
      const std::vector<Ready> answers = ends.look();
      for (std::size_t i = 1; i < answers.size(); ++i) {
        ASSERT_EQ(answers[0], answers[i])
            << poller_names()[0] << " and " << poller_names()[i] << " after " << story;
      }
    }
  }
}

}  // namespace
}  // namespace asyncio::poller_contract
