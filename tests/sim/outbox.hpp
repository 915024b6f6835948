// What the parts of a simulated peer send their messages through.
#pragma once
#include <memory>
#include <utility>

#include "sim/network.hpp"
#include "wire/message.hpp"

namespace essaim::sim {

class Outbox {
 public:
  Outbox(Network& network, HostId self) : network_(network), self_(self) {}

  void send(ConnectionId to, const wire::Envelope& envelope) { send(to, encode(envelope)); }
  void send(ConnectionId to, wire::Envelope envelope, Bytes payload) {
    envelope.payload_bytes = payload.size();
    Parcel parcel = encode(envelope);
    parcel.payload = std::make_shared<const Bytes>(std::move(payload));
    send(to, std::move(parcel));
  }
  // For what goes to many, or carries a chunk.
  void send(ConnectionId to, Parcel parcel) { network_.send(to, self_, std::move(parcel)); }
  [[nodiscard]] static Parcel encode(const wire::Envelope& envelope) {
    return {.frame = std::make_shared<const Bytes>(wire::encode_message(envelope))};
  }

 private:
  Network& network_;
  HostId self_;
};

}  // namespace essaim::sim
