// The admission gate, with what it takes to put somebody out.
#pragma once
#include <map>

#include "transport/admission_gate.hpp"

namespace essaim::transport {

// Belongs to the control thread, though the connections belong to lanes: it holds a second descriptor of each, on which
// shutdown() may be called from anywhere. The lane then finds its connection closed.
class Doorway {
 public:
  Doorway() = default;
  Doorway(const Doorway&) = delete;
  Doorway& operator=(const Doorway&) = delete;
  ~Doorway();

  // The connection of this place, which is not moved any more. Without a descriptor to spare it can't be put out.
  void watch(DoorPlace place, int descriptor);
  void put_out(DoorPlace place);
  void leave(DoorPlace place);

  [[nodiscard]] AdmissionGate& gate() { return gate_; }

 private:
  void forget(DoorPlace place);

  AdmissionGate gate_;
  std::map<DoorPlace, int> descriptors_;
};

}  // namespace essaim::transport
