#include "transport/beacon.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <set>
#include <utility>

#include <boost/asio/error.hpp>

#include "base/assert.hpp"
#include "base/defence.hpp"
#include "base/time.hpp"
#include "transport/beacon_routes.hpp"
#include "transport/clock.hpp"
#include "transport/datagram_socket.hpp"
#include "transport/interface_watcher.hpp"
#include "wire/limits.hpp"

namespace essaim::transport {
namespace {

using boost::system::error_code;

constexpr std::chrono::seconds kLogInterval{1};

BeaconError beacon_error(const std::error_code& error) {
  if (error == std::errc::address_in_use) return BeaconError::kPortTaken;
  if (error == std::errc::permission_denied || error == std::errc::operation_not_permitted) {
    return BeaconError::kNotPermitted;
  }
  return BeaconError::kNoSockets;
}

// The two sockets of one IP version.
struct Pair {
  DatagramSocket shared;  // on the discovery port
  DatagramSocket own;
  std::set<std::uint32_t> joined;  // interfaces on which `shared` is in our group
};

Expected<Pair, std::error_code> open_pair(const boost::asio::any_io_executor& executor, IpFamily family,
                                          const BeaconOptions& options) {
  auto shared = DatagramSocket::open(executor, family, options.discovery_port, PortUse::kShared);
  if (!shared) return fail(shared.error());
  auto own = DatagramSocket::open(executor, family, options.own_port, PortUse::kExclusive);
  if (!own && options.own_port != 0) own = DatagramSocket::open(executor, family, 0, PortUse::kExclusive);
  if (!own) return fail(own.error());
  return Pair{std::move(*shared), std::move(*own), {}};
}

struct Outlet {
  InterfaceReport report;
  std::vector<DatagramRoute> routes;
};

}  // namespace

std::string_view to_string(BeaconError error) {
  switch (error) {
    case BeaconError::kPortTaken: return "another program holds the discovery port";
    case BeaconError::kNotPermitted: return "the system does not permit it";
    case BeaconError::kNoSockets: return "the system has no sockets for it";
  }
  return "";
}

// Shared with the handlers that are under way, so that they outlive the beacon.
class Beacon::Loop : public std::enable_shared_from_this<Loop> {
 public:
  Loop(const boost::asio::any_io_executor& executor, BeaconOptions options, Log& log)
      : executor_(executor),
        options_(std::move(options)),
        log_(log),
        watcher_(executor, [this] { on_interfaces_changed(); }) {}

  Expected<void, BeaconError> start(OnDatagram on_datagram, OnNetworkChange on_network_change) {
    ASSERT(!v4_);
    auto v4 = open_pair(executor_, IpFamily::kV4, options_);
    if (!v4) return fail(beacon_error(v4.error()));
    v4_ = std::move(*v4);
    options_.discovery_port = v4_->shared.port();
    if (auto v6 = open_pair(executor_, IpFamily::kV6, options_)) {
      v6_ = std::move(*v6);
    } else {
      log_.info("discovery goes without IPv6: {}", v6.error().message());
    }
    on_datagram_ = std::move(on_datagram);
    on_network_change_ = std::move(on_network_change);
    running_ = true;
    if (const auto error = watcher_.start()) {
      log_.warning("changes of the network will go unnoticed: {}", error.message());
    }
    use(only_named(list_interfaces(), options_.interfaces));
    for (auto* pair : {&v4_, &v6_}) {
      if (!*pair) continue;
      wait((*pair)->shared);
      wait((*pair)->own);
    }
    return {};
  }

  void stop() {
    running_ = false;
    watcher_.stop();
    for (auto* pair : {&v4_, &v6_}) {
      if (!*pair) continue;
      error_code ignored;
      (*pair)->shared.native().close(ignored);
      (*pair)->own.native().close(ignored);
    }
  }

  void send_everywhere(ByteView datagram) {
    if (!running_) return;
    for (Outlet& outlet : outlets_) {
      std::error_code failed;
      for (const DatagramRoute& route : outlet.routes) {
        const auto error = send(datagram, route);
        ++outlet.report.datagrams_sent;
        if (!error) continue;
        ++outlet.report.send_errors;
        failed = error;
      }
      if (failed) outlet.report.last_error = failed;
      if (failed && !outlet.report.failing) log_failure(outlet.report.interface.name, failed);
      outlet.report.failing = static_cast<bool>(failed);
    }
    for (const Endpoint& endpoint : options_.also_to) (void)send(datagram, {.destination = endpoint});
  }

  std::error_code send(ByteView datagram, const DatagramRoute& route) {
    auto& pair = route.destination.address.is_v4() ? v4_ : v6_;
    if (!running_ || !pair) return std::make_error_code(std::errc::network_unreachable);
    const auto error = pair->own.send(datagram, route);
    ++(error ? counters_.send_errors : counters_.sent);
    return error;
  }

  [[nodiscard]] std::vector<InterfaceReport> reports() const {
    std::vector<InterfaceReport> reports;
    for (const Outlet& outlet : outlets_) reports.push_back(outlet.report);
    return reports;
  }
  [[nodiscard]] const BeaconCounters& counters() const { return counters_; }
  [[nodiscard]] std::uint16_t discovery_port() const { return running_ ? v4_->shared.port() : std::uint16_t{0}; }
  [[nodiscard]] std::uint16_t own_port() const { return running_ ? v4_->own.port() : std::uint16_t{0}; }

 private:
  void wait(DatagramSocket& socket) {
    socket.native().async_wait(boost::asio::socket_base::wait_read,
                               [self = shared_from_this(), &socket](const error_code& error) {
                                 if (error || !self->running_) return;
                                 self->drain(socket);
                                 if (self->running_) self->wait(socket);
                               });
  }

  void drain(DatagramSocket& socket) {
    for (int i = 0; i < kDatagramsPerWakeup && running_; ++i) {
      const auto datagram = socket.receive(buffer_);
      if (!datagram) return;
      take(*datagram);
    }
  }

  void take(const ReceivedDatagram& datagram) {
    if (datagram.bytes > wire::kDatagramBytesMax) {
      ++counters_.too_long;
    } else if (is_ours(datagram.source)) {
      ++counters_.own;
    } else if (defended(Defence::kDatagramForeign) && !is_near(datagram.source.address, interfaces_) &&
               !is_listed(datagram.source.address)) {
      ++counters_.foreign;
    } else {
      ++counters_.received;
      const DatagramSource source{datagram.source, path_of(datagram.destination, interfaces_), datagram.interface};
      on_datagram_(ByteView(buffer_).first(datagram.bytes), source);
    }
  }

  [[nodiscard]] bool is_ours(const Endpoint& source) const {
    const auto& pair = source.address.is_v4() ? v4_ : v6_;
    return pair && source.port == pair->own.port() && is_own(source.address, interfaces_);
  }

  [[nodiscard]] bool is_listed(const IpAddress& address) const {
    return std::ranges::any_of(options_.also_to, [&](const Endpoint& e) { return e.address == address; });
  }

  void on_interfaces_changed() {
    auto interfaces = only_named(list_interfaces(), options_.interfaces);
    const bool news = has_news({.before = interfaces_, .after = interfaces});
    use(std::move(interfaces));
    if (news) on_network_change_();
  }

  void use(std::vector<Interface> interfaces) {
    std::vector<Outlet> outlets;
    for (const Interface& interface : interfaces) {
      InterfaceReport report;
      for (const Outlet& before : outlets_) {
        if (before.report.interface.index == interface.index) report = before.report;
      }
      report.interface = interface;
      outlets.push_back({std::move(report), announce_routes(interface, options_.discovery_port)});
    }
    outlets_ = std::move(outlets);
    interfaces_ = std::move(interfaces);
    if (v4_) join_groups(*v4_);
    if (v6_) join_groups(*v6_);
  }

  void join_groups(Pair& pair) {
    const IpFamily family = pair.shared.family();
    const IpAddress group = multicast_group(family);
    std::set<std::uint32_t> wanted;
    for (const Interface& interface : interfaces_) {
      const bool has_family = family == IpFamily::kV4 ? !interface.v4.empty() : interface.link_local_v6.has_value();
      if (has_family && !interface.loopback) wanted.insert(interface.index);
    }
    for (const std::uint32_t index : pair.joined) {
      if (!wanted.contains(index)) pair.shared.leave(group, index);
    }
    for (const std::uint32_t index : wanted) {
      if (pair.joined.contains(index)) continue;
      // Broadcast still works without.
      if (const auto error = pair.shared.join(group, index)) {
        log_.info("no multicast on interface {}: {}", index, error.message());
      }
    }
    pair.joined = std::move(wanted);
  }

  void log_failure(std::string_view interface, const std::error_code& error) {
    const Instant at = now();
    if (last_logged_ && at - *last_logged_ < kLogInterval) return;
    last_logged_ = at;
    log_.warning("cannot announce everywhere on {}: {}", interface, error.message());
  }

  boost::asio::any_io_executor executor_;
  BeaconOptions options_;
  Log& log_;
  OnDatagram on_datagram_;
  OnNetworkChange on_network_change_;
  bool running_ = false;
  std::optional<Pair> v4_;
  std::optional<Pair> v6_;
  std::vector<Interface> interfaces_;
  std::vector<Outlet> outlets_;  // one an interface, in the same order
  BeaconCounters counters_;
  std::optional<Instant> last_logged_;
  // One byte more than a datagram may have, so that a longer one shows.
  std::array<std::uint8_t, wire::kDatagramBytesMax + 1> buffer_{};
  InterfaceWatcher watcher_;
};

Beacon::Beacon(const boost::asio::any_io_executor& executor, BeaconOptions options, Log& log)
    : loop_(std::make_shared<Loop>(executor, std::move(options), log)) {}

Beacon::~Beacon() { loop_->stop(); }

Expected<void, BeaconError> Beacon::start(OnDatagram on_datagram, OnNetworkChange on_network_change) {
  return loop_->start(std::move(on_datagram), std::move(on_network_change));
}

void Beacon::stop() { loop_->stop(); }

void Beacon::send_everywhere(ByteView datagram) { loop_->send_everywhere(datagram); }

void Beacon::send_to(ByteView datagram, const DatagramSource& source) {
  (void)loop_->send(datagram, {.destination = source.endpoint});
}

std::vector<InterfaceReport> Beacon::interfaces() const { return loop_->reports(); }

const BeaconCounters& Beacon::counters() const { return loop_->counters(); }

std::uint16_t Beacon::discovery_port() const { return loop_->discovery_port(); }

std::uint16_t Beacon::own_port() const { return loop_->own_port(); }

}  // namespace essaim::transport
