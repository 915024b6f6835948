// A file on a classic peer.
#pragma once
#include "base/endpoint.hpp"
#include "base/ids.hpp"
#include "wire/classic_message.hpp"

namespace essaim::node {

// No content id is known of it there; its SHA-256 may be.
struct ClassicSource {
  PeerId peer;
  Endpoint endpoint;
  wire::classic::File file;
};

}  // namespace essaim::node
