#include "transport/admission_ticket.hpp"

#include <utility>

#include <boost/asio/post.hpp>

namespace essaim::transport {

AdmissionTicket::AdmissionTicket(boost::asio::any_io_executor control, std::shared_ptr<AdmissionGate> gate,
                                 IpAddress address)
    : control_(std::move(control)), gate_(std::move(gate)), address_(address) {}

AdmissionTicket& AdmissionTicket::operator=(AdmissionTicket&& other) noexcept {
  if (this == &other) return *this;
  release();
  control_ = std::move(other.control_);
  gate_ = std::move(other.gate_);
  address_ = other.address_;
  return *this;
}

void AdmissionTicket::release() {
  if (!gate_) return;
  boost::asio::post(control_, [gate = std::move(gate_), address = address_] { gate->leave(address); });
}

}  // namespace essaim::transport
