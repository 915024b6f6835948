// A place behind the door, held by who got in.
#pragma once
#include <memory>

#include <boost/asio/any_io_executor.hpp>

#include "transport/doorway.hpp"

namespace essaim::transport {

// Returns its place when it is released or destroyed, on whatever thread: the doorway itself is only touched by the
// executor's. The control loop must outlive every ticket.
class AdmissionTicket {
 public:
  AdmissionTicket(boost::asio::any_io_executor control, std::shared_ptr<Doorway> doorway, DoorPlace place);
  AdmissionTicket(AdmissionTicket&&) = default;
  AdmissionTicket& operator=(AdmissionTicket&& other) noexcept;
  ~AdmissionTicket() { release(); }

  // The peer is proven, or gone: somebody else may come in.
  void release();

 private:
  boost::asio::any_io_executor control_;
  std::shared_ptr<Doorway> doorway_;  // null: holds no place
  DoorPlace place_{};
};

}  // namespace essaim::transport
