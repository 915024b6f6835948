// Whatever is announced and whoever connects, the table keeps its invariants and its limits, and a peer that has proved
// its key is moved by nobody else's word.
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

#include "base/assert.hpp"
#include "discovery/limits.hpp"
#include "discovery/peer_table.hpp"
#include "fuzz/choices.hpp"

using namespace essaim;
using namespace essaim::discovery;

namespace {

PeerId peer_of(std::uint32_t number) {
  std::string text(32, 'a');
  text[0] = static_cast<char>('a' + number / 16);
  text[1] = static_cast<char>('a' + number % 16);
  return {text};
}

class Driver {
 public:
  explicit Driver(fuzz::Choices choices) : choices_(choices) {}

  void run() {
    while (choices_.left()) {
      for (int i = 0; i < 16 && choices_.left(); ++i) step();  // looking at all of it is slow
      table_.check_invariants();
      check_proven();
    }
    for (const NearPeer& peer : table_.all()) ASSERT(table_.find(peer.peer_id) != nullptr);
  }

 private:
  void step() {
    const PeerId peer = peer_of(choices_.byte());
    const Endpoint at{IpAddress::v4(10, 0, 0, static_cast<std::uint8_t>(choices_.below(40))),
                      static_cast<std::uint16_t>(5000 + choices_.below(12))};
    const DatagramSource from{.endpoint = at, .path = DatagramPath::kBroadcast, .interface = 1};
    switch (choices_.below(8)) {
      case 0:
      case 1: announce(peer, at, from); break;
      case 2: say_goodbye(peer, from); break;
      case 3: open(peer, at); break;
      case 4: close(peer); break;
      case 5: (void)table_.note_address(peer, at, now_); break;
      case 6: (void)table_.on_rev(peer, choices_.byte()); break;
      case 7: pass_time(); break;
    }
  }

  void announce(const PeerId& peer, const Endpoint& at, const DatagramSource& from) {
    (void)table_.on_announcement({.kind = AnnouncementKind::kAnnounce,
                                  .peer_id = peer,
                                  .port = at.port,
                                  .level = choices_.below(2) == 0 ? wire::Level::kPeer : wire::Level::kClassic,
                                  .name = "forged",
                                  .rev = choices_.byte()},
                                 from, now_);
  }
  void say_goodbye(const PeerId& peer, const DatagramSource& from) {
    const NearPeer* const known = table_.find(peer);
    const bool must_stay = known != nullptr && known->online && known->sessions > 0;
    (void)table_.on_announcement({.kind = AnnouncementKind::kGoodbye, .peer_id = peer}, from, now_);
    ASSERT(!must_stay || table_.find(peer)->online);
  }
  void open(const PeerId& peer, const Endpoint& at) {
    const bool classic = choices_.below(4) == 0;
    (void)table_.on_session_opened(
        peer, at, {.level = classic ? wire::Level::kClassic : wire::Level::kPeer, .name = "true", .rev = 1}, now_);
    if (classic || peer == self_) return;
    if (table_.find(peer) != nullptr) proven_[peer] = at;
  }
  void close(const PeerId& peer) {
    if (choices_.below(2) == 0) table_.on_session_goodbye(peer);
    (void)table_.on_session_closed(peer, choices_.below(4) == 0 ? wire::Level::kClassic : wire::Level::kPeer, now_);
  }
  void pass_time() {
    now_ += std::chrono::seconds(choices_.byte());
    (void)table_.on_time(now_);
    for (auto at = proven_.begin(); at != proven_.end();) {
      at = table_.find(at->first) == nullptr ? proven_.erase(at) : std::next(at);
    }
  }

  // Its name and level are its own words, and it is still dialled where it was.
  void check_proven() {
    for (const auto& [id, where] : proven_) {
      const NearPeer* const peer = table_.find(id);
      if (peer == nullptr) continue;
      ASSERT(peer->level == wire::Level::kPeer && peer->proof == Proof::kSession && peer->name == "true");
      ASSERT(!table_.addresses_to_dial(id).empty());
      ASSERT(peer->addresses.list().front().proof == Proof::kSession);
    }
  }

  fuzz::Choices choices_;
  PeerId self_ = peer_of(7);
  PeerTable table_{self_, 1};
  std::map<PeerId, Endpoint> proven_;
  Instant now_{std::chrono::seconds(1000)};
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Driver(fuzz::Choices(data, size)).run();
  return 0;
}
