#include "api/secret.hpp"

#include <array>
#include <cstdint>
#include <cstdlib>

#include <openssl/rand.h>

#include "base/text.hpp"

namespace essaim::api {

std::string make_secret() {
  std::array<std::uint8_t, 32> bytes{};
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) std::abort();
  return to_base32(bytes);
}

}  // namespace essaim::api
