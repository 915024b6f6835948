#include "transport/admission_ticket.hpp"

#include <utility>

#include <boost/asio/post.hpp>

namespace essaim::transport {

AdmissionTicket::AdmissionTicket(boost::asio::any_io_executor control, std::shared_ptr<Doorway> doorway,
                                 DoorPlace place)
    : control_(std::move(control)), doorway_(std::move(doorway)), place_(place) {}

AdmissionTicket& AdmissionTicket::operator=(AdmissionTicket&& other) noexcept {
  if (this == &other) return *this;
  release();
  control_ = std::move(other.control_);
  doorway_ = std::move(other.doorway_);
  place_ = other.place_;
  return *this;
}

void AdmissionTicket::release() {
  if (!doorway_) return;
  boost::asio::post(control_, [doorway = std::move(doorway_), place = place_] { doorway->leave(place); });
}

}  // namespace essaim::transport
