// What a build with ESSAIM_REMOVABLE asks at each defence: $ESSAIM_WITHOUT is the number of the one that is out.
#include <cstdlib>

#include "base/defence.hpp"

namespace essaim {
namespace {

int number_from_environment() {
  const char* const number = std::getenv("ESSAIM_WITHOUT");
  return number == nullptr ? -1 : std::atoi(number);
}

}  // namespace

bool defended(Defence defence) {
  static const int removed = number_from_environment();
  return static_cast<int>(defence) != removed;
}

}  // namespace essaim
