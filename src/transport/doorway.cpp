#include "transport/doorway.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace essaim::transport {

Doorway::~Doorway() {
  for (const auto& [place, descriptor] : descriptors_) ::close(descriptor);
}

void Doorway::watch(DoorPlace place, int descriptor) {
  const int copy = ::fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
  if (copy >= 0) descriptors_.emplace(place, copy);
}

void Doorway::put_out(DoorPlace place) {
  const auto found = descriptors_.find(place);
  if (found != descriptors_.end()) ::shutdown(found->second, SHUT_RDWR);
  forget(place);
}

void Doorway::leave(DoorPlace place) {
  gate_.leave(place);
  forget(place);
}

void Doorway::forget(DoorPlace place) {
  const auto found = descriptors_.find(place);
  if (found == descriptors_.end()) return;
  ::close(found->second);
  descriptors_.erase(found);
}

}  // namespace essaim::transport
