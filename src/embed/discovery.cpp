#include "essaim/discovery.hpp"

#include <atomic>
#include <random>
#include <utility>

#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>

#include "base/ids.hpp"
#include "base/log.hpp"
#include "discovery/announce_schedule.hpp"
#include "discovery/announcement.hpp"
#include "discovery/answer_limiter.hpp"
#include "discovery/rate_gate.hpp"
#include "embed/call.hpp"
#include "transport/beacon.hpp"
#include "transport/clock.hpp"
#include "transport/lane.hpp"

namespace essaim {
namespace {

using discovery::AnnouncementKind;

// Discovery from one start to the next stop. Belongs to the lane.
class Announcer : public std::enable_shared_from_this<Announcer> {
 public:
  Announcer(transport::Lane& lane, discovery::Announcement self, transport::BeaconOptions options,
            Discovery::OnPeer on_peer)
      : self_(std::move(self)),
        on_peer_(std::move(on_peer)),
        schedule_(std::random_device{}(), transport::now()),
        beacon_(lane.executor(), std::move(options), log_),
        timer_(lane.executor()) {}

  [[nodiscard]] Expected<void, transport::BeaconError> start() {
    const auto started =
        beacon_.start([this](ByteView datagram, const DatagramSource& source) { on_datagram(datagram, source); },
                      [this] {
                        schedule_.on_network_change(transport::now());
                        announce_due();
                      });
    if (started) announce_due();
    return started;
  }

  void stop() {
    timer_.cancel();
    beacon_.send_everywhere(encode_announcement(spoken(AnnouncementKind::kGoodbye)));
    beacon_.stop();
  }

  [[nodiscard]] std::uint16_t port() const { return beacon_.discovery_port(); }

 private:
  void on_datagram(ByteView datagram, const DatagramSource& source) {
    if (!gate_.admit(source.endpoint, transport::now())) return;
    const auto heard = discovery::parse_announcement(datagram);
    if (!heard || heard->peer_id == self_.peer_id) return;
    if (heard->ask) answer(source, datagram.size());
    if (heard->kind != AnnouncementKind::kAnnounce) return;
    const auto alive = shared_from_this();  // the callback may stop us
    on_peer_({.peer_id = heard->peer_id.text, .ip = source.endpoint.address.text(), .port = heard->port});
  }

  void answer(const DatagramSource& source, std::size_t asked_bytes) {
    if (!answers_.allow(source.endpoint, transport::now())) return;
    if (const auto bytes = encode_answer(spoken(AnnouncementKind::kAnnounce), asked_bytes)) {
      beacon_.send_to(*bytes, source);
    }
  }

  // A peer of level 0 cannot ask for answers, so both forms of the schedule are the same here.
  void announce_due() {
    while (schedule_.take_due(transport::now())) {
      beacon_.send_everywhere(encode_announcement(spoken(AnnouncementKind::kAnnounce)));
    }
    timer_.expires_at(transport::to_steady(schedule_.next_deadline()));
    timer_.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
      const auto alive = weak.lock();
      if (!error && alive) alive->announce_due();
    });
  }

  [[nodiscard]] discovery::Announcement spoken(AnnouncementKind kind) const {
    discovery::Announcement announcement = self_;
    announcement.kind = kind;
    return announcement;
  }

  discovery::Announcement self_;
  Discovery::OnPeer on_peer_;
  NullLog log_;
  discovery::AnnounceSchedule schedule_;
  discovery::RateGate gate_{std::random_device{}()};
  discovery::AnswerLimiter answers_{std::random_device{}()};
  transport::Beacon beacon_;
  boost::asio::steady_timer timer_;
};

}  // namespace

class Discovery::Impl {
 public:
  Impl(std::string peer_id, DiscoveryOptions options) : peer_id_(std::move(peer_id)), options_(std::move(options)) {}
  ~Impl() {
    stop();
    lane_.drain();
  }

  Result<> start(OnPeer on_peer) {
    if (peer_id_.empty() || peer_id_.size() > kPeerIdBytesMax) {
      return Error{fmt::format("A peer id has 1 to {} bytes.", kPeerIdBytesMax)};
    }
    return embed::call(lane_, [&]() -> Result<> {
      if (announcer_) return Error{"Discovery runs already."};
      auto announcer = std::make_shared<Announcer>(
          lane_, discovery::Announcement{.peer_id = {peer_id_}, .port = options_.tcp_port},
          transport::BeaconOptions{.discovery_port = options_.udp_port, .interfaces = options_.interfaces},
          std::move(on_peer));
      if (const auto started = announcer->start(); !started) {
        return Error{fmt::format("UDP port {} cannot be used: {}.", options_.udp_port, to_string(started.error()))};
      }
      udp_port_ = announcer->port();
      announcer_ = std::move(announcer);
      return {};
    });
  }

  void stop() {
    embed::call(lane_, [this] {
      if (!announcer_) return;
      announcer_->stop();
      announcer_.reset();
      udp_port_ = 0;
    });
  }

  [[nodiscard]] std::uint16_t udp_port() const { return udp_port_; }

 private:
  std::string peer_id_;
  DiscoveryOptions options_;
  std::atomic<std::uint16_t> udp_port_{0};
  transport::Lane lane_{0};
  std::shared_ptr<Announcer> announcer_;
};

Discovery::Discovery(std::string peer_id, DiscoveryOptions options)
    : impl_(std::make_unique<Impl>(std::move(peer_id), std::move(options))) {}
Discovery::~Discovery() = default;

Result<> Discovery::start(OnPeer on_peer) { return impl_->start(std::move(on_peer)); }
void Discovery::stop() { impl_->stop(); }
std::uint16_t Discovery::udp_port() const { return impl_->udp_port(); }

}  // namespace essaim
