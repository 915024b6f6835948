// The part of Node that can fail at start: home, identity, catalogue, ports. Each failure is a sentence that says what
// to do about it.
#include <algorithm>
#include <thread>
#include <utility>

#include <boost/asio/ip/host_name.hpp>
#include <boost/asio/ip/udp.hpp>

#include "base/defence.hpp"
#include "node/failures.hpp"
#include "node/node.hpp"
#include "storage/identity_file.hpp"
#include "transport/asio_endpoint.hpp"
#include "transport/certificate.hpp"
#include "wire/json.hpp"

namespace essaim::node {
namespace {

namespace asio = boost::asio;

Failure identity_failure(const storage::Home& home, std::string_view why) {
  return {FailureCode::kFailed, "The identity in " + home.path() + " cannot be used: " + std::string(why) +
                                    ". Restore it from a copy, or use another home with --home."};
}

Outcome<transport::TlsIdentity> load_identity(const storage::Home& home) {
  auto kept = storage::read_identity(home);
  if (!kept) return fail(failure_of(kept.error()));
  if (*kept) return transport::TlsIdentity{.certificate_pem = (*kept)->certificate, .key_pem = (*kept)->key};
  auto made = transport::make_self_signed_identity();
  if (!made) return fail(identity_failure(home, to_string(made.error())));
  const auto written = storage::write_identity(home, {.key = made->key_pem, .certificate = made->certificate_pem});
  if (!written) return fail(failure_of(written.error()));
  return std::move(*made);
}

Outcome<storage::Catalogue> open_catalogue(const storage::Home& home, Log& log) {
  auto catalogue = storage::Catalogue::open(home.catalogue_path());
  const bool broken = !catalogue && catalogue.error().kind == storage::StorageError::Kind::kCorrupt;
  if (broken && defended(Defence::kBrokenCatalogue)) {
    const auto aside = storage::move_catalogue_aside(home.catalogue_path());
    if (!aside) return fail(failure_of(aside.error()));
    log.error("The catalogue was damaged. It is kept as {}, and a new one is begun: share your folders again.", *aside);
    catalogue = storage::Catalogue::open(home.catalogue_path());
  }
  if (!catalogue) return fail(failure_of(catalogue.error()));
  return std::move(*catalogue);
}

Outcome<std::unique_ptr<transport::Listener>> open_listener(asio::io_context& control, transport::Lanes& lanes,
                                                            const Config& config) {
  transport::ListenerOptions options;
  if (config.port) {
    options.port = *config.port;
    options.choice = transport::PortChoice::kExactly;
  }
  auto listener = transport::Listener::open(control, lanes, options);
  if (listener) return std::move(*listener);
  return fail_with(FailureCode::kFailed, "TCP port " + std::to_string(options.port) +
                                             " cannot be used: " + std::string(to_string(listener.error())) +
                                             ". Choose another with --port, or leave it out to get the next free one.");
}

// Host names are looked up once, at start.
Outcome<std::vector<Endpoint>> resolve_all(asio::io_context& control, const std::vector<std::string>& texts) {
  std::vector<Endpoint> endpoints;
  asio::ip::udp::resolver resolver(control);
  for (const std::string& text : texts) {
    if (const auto endpoint = Endpoint::parse(text)) {
      endpoints.push_back(*endpoint);
      continue;
    }
    const std::size_t colon = text.rfind(':');
    boost::system::error_code error;
    const auto found = resolver.resolve(text.substr(0, colon), text.substr(colon + 1), error);
    if (error || found.empty()) {
      return fail_with(FailureCode::kUsage,
                       "The address \"" + text + "\" given with --peer cannot be found: " + error.message() + ".");
    }
    const auto endpoint = found.begin()->endpoint();
    endpoints.push_back({transport::from_asio(endpoint.address()), endpoint.port()});
  }
  return endpoints;
}

std::string name_or_host(const std::string& name) {
  boost::system::error_code error;
  std::string chosen = name.empty() ? asio::ip::host_name(error) : name;
  if (chosen.empty()) chosen = "essaim";
  return std::string(wire::clip_text(chosen, wire::kNameBytesMax));
}

}  // namespace

Outcome<std::unique_ptr<Node::Ground>> Node::lay_ground(asio::io_context& control, Config config, Log& log) {
  config.name = name_or_host(config.name);
  auto home = storage::Home::open(config.home);
  if (!home) return fail(failure_of(home.error()));
  auto lock = home->lock();
  if (!lock) return fail(failure_of(lock.error()));
  auto identity = load_identity(*home);
  if (!identity) return fail(identity.error());
  auto tls = transport::TlsContext::make(*identity);
  if (!tls) return fail(identity_failure(*home, to_string(tls.error())));
  auto catalogue = open_catalogue(*home, log);
  if (!catalogue) return fail(catalogue.error());
  auto announce_to = resolve_all(control, config.announce_to);
  if (!announce_to) return fail(announce_to.error());
  // Before there is any other thread: those that are begun later are shut in too.
  std::optional<Sandbox> sandbox;
  if (config.sandbox) {
    auto entered = Sandbox::enter(config, *catalogue);
    if (!entered) return fail(entered.error());
    sandbox = std::move(*entered);
  }
  auto lanes =
      std::make_unique<transport::Lanes>(config.lanes.value_or(std::max(1U, std::thread::hardware_concurrency())));
  auto listener = open_listener(control, *lanes, config);
  if (!listener) return fail(listener.error());
  return std::make_unique<Ground>(Ground{.config = std::move(config),
                                         .home = std::move(*home),
                                         .lock = std::move(*lock),
                                         .catalogue = std::move(*catalogue),
                                         .tls = std::move(*tls),
                                         .lanes = std::move(lanes),
                                         .listener = std::move(*listener),
                                         .announce_to = std::move(*announce_to),
                                         .sandbox = std::move(sandbox)});
}

}  // namespace essaim::node
