// Connections that others open.
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/endpoint.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "transport/admission_ticket.hpp"
#include "transport/asio.hpp"
#include "transport/lane.hpp"
#include "transport/net_error.hpp"

namespace essaim::transport {

inline constexpr std::uint16_t kListenPort = 5001;
// How many ports are tried, from the wanted one on.
inline constexpr int kListenPortsTried = 100;
inline constexpr Duration kAcceptBackOffMin = std::chrono::milliseconds(50);
inline constexpr Duration kAcceptBackOffMax = std::chrono::seconds(1);
// Connections that the gate turns away wait for a place this long, so many at most; the rest are hung up on.
inline constexpr std::chrono::milliseconds kDoorPatience{2000};
inline constexpr std::chrono::milliseconds kDoorInterval{20};
inline constexpr std::size_t kWaitingAtDoorMax = 256;

enum class PortChoice { kExactly, kOrNextFree };

struct ListenerOptions {
  std::uint16_t port = kListenPort;  // 0: any free one
  PortChoice choice = PortChoice::kOrNextFree;
  std::chrono::milliseconds door_patience = kDoorPatience;
};

// A connection that was let in. `socket` belongs to `lane` already, so only the lane may use it.
struct Accepted {
  Lane& lane;
  tcp::socket socket;
  Endpoint remote;
  AdmissionTicket ticket;
};

// Listens on all addresses of both IP versions (of IPv4 alone where there is no IPv6) and deals connections out to the
// lanes in turn, as far as the admission gate lets them in. Everything here belongs to the control thread.
class Listener {
 public:
  using Handler = std::move_only_function<void(Accepted)>;

  // `lanes` outlives the listener.
  [[nodiscard]] static Expected<std::unique_ptr<Listener>, NetError> open(asio::io_context& control, Lanes& lanes,
                                                                          ListenerOptions options);
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  ~Listener();

  // Calls `handler` on the control thread for each connection, until stop().
  void start(Handler handler);
  // The handler isn't called any more.
  void stop();

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] const AdmissionGate& gate() const;

 private:
  struct State;
  Listener(std::shared_ptr<State> state, std::uint16_t port);
  [[nodiscard]] static awaitable<void> accept_loop(std::shared_ptr<State> state);
  [[nodiscard]] static awaitable<void> wait_at_door(std::shared_ptr<State> state, tcp::socket socket,
                                                    tcp::endpoint remote);

  std::shared_ptr<State> state_;
  std::uint16_t port_;
};

}  // namespace essaim::transport
