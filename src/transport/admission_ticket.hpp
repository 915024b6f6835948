// A place behind the door, held by who got in.
#pragma once
#include <memory>

#include <boost/asio/any_io_executor.hpp>

#include "base/endpoint.hpp"
#include "transport/admission_gate.hpp"

namespace essaim::transport {

// Returns its place when it is released or destroyed, on whatever thread: the gate itself is only touched by the
// executor's. The control loop must outlive every ticket.
class AdmissionTicket {
 public:
  AdmissionTicket(boost::asio::any_io_executor control, std::shared_ptr<AdmissionGate> gate, IpAddress address);
  AdmissionTicket(AdmissionTicket&&) = default;
  AdmissionTicket& operator=(AdmissionTicket&& other) noexcept;
  ~AdmissionTicket() { release(); }

  // The peer is proven, or gone: somebody else may come in.
  void release();

 private:
  boost::asio::any_io_executor control_;
  std::shared_ptr<AdmissionGate> gate_;  // null: holds no place
  IpAddress address_;
};

}  // namespace essaim::transport
