#include "transport/listener.hpp"

#include <algorithm>
#include <chrono>
#include <exception>
#include <optional>
#include <unistd.h>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/v6_only.hpp>

#include "transport/asio_endpoint.hpp"

namespace essaim::transport {
namespace {

using Opened = Expected<tcp::acceptor, NetError>;

Opened open_one(asio::io_context& control, const tcp::endpoint& local) {
  tcp::acceptor acceptor(control);
  boost::system::error_code error;
  acceptor.open(local.protocol(), error);
  if (!error && local.address().is_v6()) acceptor.set_option(asio::ip::v6_only(false), error);
  // So that a restart need not wait for the old connections' TIME_WAIT; two listeners still can't share a port.
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor.bind(local, error);
  if (!error) acceptor.listen(tcp::acceptor::max_listen_connections, error);
  if (error) return fail(net_error(error));
  return acceptor;
}

Opened open_port(asio::io_context& control, std::uint16_t port) {
  Opened both = open_one(control, {tcp::v6(), port});
  if (both || both.error() == NetError::kPortTaken || both.error() == NetError::kNotPermitted) return both;
  return open_one(control, {tcp::v4(), port});
}

Opened open_first_free(asio::io_context& control, const ListenerOptions& options) {
  Opened opened = open_port(control, options.port);
  if (options.port == 0 || options.choice == PortChoice::kExactly) return opened;
  const int last = std::min(options.port + kListenPortsTried - 1, 65535);
  for (int port = options.port + 1; port <= last; ++port) {
    if (opened || opened.error() != NetError::kPortTaken) break;
    opened = open_port(control, static_cast<std::uint16_t>(port));
  }
  return opened;
}

// Who counts as one place of origin. This machine is one, known as the loopback address, by whichever of its own
// addresses a program here dials another.
IpAddress origin_of(const tcp::socket& socket, const Endpoint& remote) {
  boost::system::error_code error;
  const tcp::endpoint local = socket.local_endpoint(error);
  const bool this_machine = !error && from_asio(local).address == remote.address;
  return this_machine ? IpAddress::v4(127, 0, 0, 1) : remote.address;
}

// A socket is accepted on the control loop and only then given to a lane. Accepting it for the lane at once would leave
// a socket of the lane's loop in the control loop's queue, where it may outlive the lane.
std::optional<tcp::socket> move_to(Lane& lane, tcp::socket socket, const tcp& protocol) {
  boost::system::error_code error;
  const auto descriptor = socket.release(error);
  if (error) return std::nullopt;
  tcp::socket moved(lane.executor());
  moved.assign(protocol, descriptor, error);
  if (!error) return moved;
  ::close(descriptor);
  return std::nullopt;
}

}  // namespace

// Shared with the accept loop, which ends a turn of the control loop after stop().
struct Listener::State {
  tcp::acceptor acceptor;
  asio::steady_timer back_off;
  Lanes& lanes;
  std::shared_ptr<Doorway> doorway;
  std::chrono::milliseconds door_patience;
  Handler handler;
  std::size_t waiting = 0;
  bool stopped = false;

  // Who has a place behind the door is given to a lane.
  void admit(tcp::socket socket, const tcp::endpoint& remote, const AdmissionGate::Entry& entry) {
    if (entry.evicted) doorway->put_out(*entry.evicted);
    AdmissionTicket ticket(acceptor.get_executor(), doorway, entry.place);
    Lane& lane = lanes.next();
    auto moved = move_to(lane, std::move(socket), remote.protocol());
    if (moved) doorway->watch(entry.place, moved->native_handle());
    if (moved) handler(Accepted{lane, std::move(*moved), from_asio(remote), std::move(ticket)});
  }
};

Expected<std::unique_ptr<Listener>, NetError> Listener::open(asio::io_context& control, Lanes& lanes,
                                                             ListenerOptions options) {
  Opened acceptor = open_first_free(control, options);
  if (!acceptor) return fail(acceptor.error());
  boost::system::error_code error;
  const std::uint16_t port = acceptor->local_endpoint(error).port();
  if (error) return fail(net_error(error));
  auto state = std::make_shared<State>(std::move(*acceptor), asio::steady_timer(control), lanes,
                                       std::make_shared<Doorway>(), options.door_patience);
  return std::unique_ptr<Listener>(new Listener(std::move(state), port));
}

Listener::Listener(std::shared_ptr<State> state, std::uint16_t port) : state_(std::move(state)), port_(port) {}

Listener::~Listener() { stop(); }

const AdmissionGate& Listener::gate() const { return state_->doorway->gate(); }

void Listener::start(Handler handler) {
  state_->handler = std::move(handler);
  asio::co_spawn(state_->acceptor.get_executor(), accept_loop(state_), [](const std::exception_ptr& failure) {
    if (failure) std::rethrow_exception(failure);
  });
}

void Listener::stop() {
  state_->stopped = true;
  boost::system::error_code ignored;
  state_->acceptor.close(ignored);
  state_->back_off.cancel();
}

awaitable<void> Listener::accept_loop(std::shared_ptr<State> state) {
  Duration back_off = kAcceptBackOffMin;
  while (!state->stopped) {
    tcp::endpoint remote;
    auto [error, socket] = co_await state->acceptor.async_accept(remote, kAwait);
    if (state->stopped) co_return;
    if (error) {
      // Most of all: no descriptor or memory is left. Trying at once again would only spin.
      state->back_off.expires_after(back_off);
      back_off = std::min(back_off * 2, kAcceptBackOffMax);
      co_await state->back_off.async_wait(kAwait);
      continue;
    }
    back_off = kAcceptBackOffMin;
    const IpAddress origin = origin_of(socket, from_asio(remote));
    if (const auto entry = state->doorway->gate().try_enter(origin)) {
      state->admit(std::move(socket), remote, *entry);
    } else if (state->waiting < kWaitingAtDoorMax) {
      asio::co_spawn(state->acceptor.get_executor(), wait_at_door(state, std::move(socket), remote), asio::detached);
    }
  }
}

// Many who come at once are mostly gone in a moment; hanging up on the next one would only make it dial again.
awaitable<void> Listener::wait_at_door(std::shared_ptr<State> state, tcp::socket socket, tcp::endpoint remote) {
  const IpAddress origin = origin_of(socket, from_asio(remote));
  const auto give_up = std::chrono::steady_clock::now() + state->door_patience;
  asio::steady_timer timer(state->acceptor.get_executor());
  ++state->waiting;
  while (!state->stopped && std::chrono::steady_clock::now() < give_up) {
    timer.expires_after(kDoorInterval);
    co_await timer.async_wait(kAwait);
    if (state->stopped) break;
    const auto entry = state->doorway->gate().try_again(origin);
    if (!entry) continue;
    state->admit(std::move(socket), remote, *entry);
    break;
  }
  --state->waiting;
}

}  // namespace essaim::transport
