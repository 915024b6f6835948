#include "node/neighbourhood.hpp"

#include <algorithm>
#include <utility>

#include "base/defence.hpp"
#include "node/failures.hpp"
#include "transport/clock.hpp"

namespace essaim::node {

Neighbourhood::Neighbourhood(Parts parts, OnEvent on_event)
    : parts_(std::move(parts)),
      on_event_(std::move(on_event)),
      table_(parts_.self, parts_.seed),
      schedule_(parts_.seed, transport::now()),
      gate_(parts_.seed),
      answers_(parts_.seed),
      beacon_(parts_.control, parts_.beacon, parts_.log),
      timer_(parts_.control),
      lonely_(parts_.control) {}

Outcome<void> Neighbourhood::start() {
  const auto started =
      beacon_.start([this](ByteView datagram, const DatagramSource& source) { on_datagram(datagram, source); },
                    [this] {
                      schedule_.on_network_change(transport::now());
                      run_due();
                    });
  if (!started) {
    return fail_with(FailureCode::kFailed, "Peers cannot be discovered on UDP port " +
                                               std::to_string(parts_.beacon.discovery_port) + ": " +
                                               std::string(to_string(started.error())) +
                                               ". Choose another with --discovery-port, the same on every machine.");
  }
  running_ = true;
  run_due();
  lonely_.expires_after(kLonelyAfter);
  lonely_.async_wait([this](const boost::system::error_code& error) {
    if (!error && table_.online() == 0) look_around();
  });
  return {};
}

void Neighbourhood::stop() {
  if (!std::exchange(running_, false)) return;
  timer_.cancel();
  lonely_.cancel();
  beacon_.send_everywhere(encode_announcement(announcement(discovery::AnnouncementKind::kGoodbye)));
  beacon_.stop();
}

void Neighbourhood::set_rev(std::uint64_t rev) {
  rev_ = rev;
  schedule_.on_rev_change(transport::now());
  run_due();
}

void Neighbourhood::on_session_opened(const PeerId& peer, const Endpoint& listening,
                                      const discovery::SessionFacts& facts) {
  report(table_.on_session_opened(peer, listening, facts, transport::now()));
}

void Neighbourhood::on_session_closed(const PeerId& peer) {
  report(table_.on_session_closed(peer, wire::Level::kPeer, transport::now()));
}

void Neighbourhood::on_session_goodbye(const PeerId& peer) { table_.on_session_goodbye(peer); }

void Neighbourhood::note_address(const PeerId& peer, const Endpoint& listening) {
  report(table_.note_address(peer, listening, transport::now()));
}

void Neighbourhood::on_classic_opened(const PeerId& peer, const IpAddress& address) {
  const std::uint16_t port = table_.find(peer) == nullptr ? kClassicPortAssumed : std::uint16_t{0};
  report(table_.on_session_opened(peer, {address, port}, {.level = wire::Level::kClassic}, transport::now()));
}

void Neighbourhood::on_classic_closed(const PeerId& peer) {
  report(table_.on_session_closed(peer, wire::Level::kClassic, transport::now()));
}

void Neighbourhood::look_around() {
  schedule_.on_network_change(transport::now());
  run_due();
}

void Neighbourhood::on_datagram(ByteView datagram, const DatagramSource& source) {
  const Instant now = transport::now();
  if (!gate_.admit(source.endpoint, now)) {
    ++counters_.announcements_dropped;
    return;
  }
  const auto heard = discovery::parse_announcement(datagram);
  if (!heard) {
    ++counters_.announcements_bad;
    return;
  }
  if (heard->peer_id == parts_.self) return;
  if (heard->level == wire::Level::kClassic && !takes_classic(heard->peer_id)) return;
  ++counters_.announcements_taken;
  if (heard->ask) answer(source, datagram.size());
  report(table_.on_announcement(*heard, source, now));
}

// Whoever has shown that it can encrypt is never taken for one that cannot, whatever is announced in its name.
bool Neighbourhood::takes_classic(const PeerId& peer) const {
  if (!parts_.classic) return false;
  return !parts_.has_proved(peer) || !defended(Defence::kNoDowngrade);
}

void Neighbourhood::answer(const DatagramSource& source, std::size_t asked_bytes) {
  if (!answers_.allow(source.endpoint, transport::now())) return;
  const auto answer = encode_answer(announcement(discovery::AnnouncementKind::kAnnounce), asked_bytes);
  if (!answer) return;
  beacon_.send_to(*answer, source);
  ++counters_.answers_sent;
}

void Neighbourhood::report(const discovery::PeerEvents& events) {
  schedule_.on_peer_count(table_.online(), transport::now());
  for (const discovery::PeerEvent& event : events) on_event_(event);
  arm_timer();
}

void Neighbourhood::run_due() {
  if (!running_) return;
  const Instant now = transport::now();
  while (const auto form = schedule_.take_due(now)) {
    discovery::Announcement ours = announcement(discovery::AnnouncementKind::kAnnounce);
    ours.ask = *form == discovery::AnnounceForm::kAsk;
    beacon_.send_everywhere(encode_announcement(ours));
  }
  report(table_.on_time(now));
}

void Neighbourhood::arm_timer() {
  if (!running_) return;
  Instant next = schedule_.next_deadline();
  if (const auto expiry = table_.next_deadline()) next = std::min(next, *expiry);
  timer_.expires_at(transport::to_steady(next));
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) run_due();
  });
}

discovery::Announcement Neighbourhood::announcement(discovery::AnnouncementKind kind) const {
  return {.kind = kind,
          .peer_id = parts_.self,
          .port = parts_.port,
          .level = wire::Level::kPeer,
          .name = parts_.name,
          .rev = rev_};
}

}  // namespace essaim::node
