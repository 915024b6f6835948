// How somebody came in, and what there is for them.
#pragma once
#include <memory>

#include "api/web_gate.hpp"
#include "node/facade.hpp"

namespace essaim::api {

class ConnectionSet;

enum class WayIn {
  kOwner,  // the Unix socket, which its owner alone can open
  kWeb,    // TCP, through the gate
};

// Node and connections outlive whoever comes in.
struct Reception {
  node::Facade& node;
  ConnectionSet& connections;
  std::shared_ptr<WebGate> gate;  // null where there is no page; never for WayIn::kWeb
  WayIn way = WayIn::kOwner;
};

}  // namespace essaim::api
