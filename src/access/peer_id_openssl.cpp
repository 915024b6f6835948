#include <algorithm>
#include <array>

#include <openssl/evp.h>

#include "access/peer_id.hpp"
#include "base/assert.hpp"
#include "base/text.hpp"

namespace essaim::access {

PeerId peer_id_of_public_key(ByteView spki_der) {
  std::array<std::uint8_t, kDigestBytes> hash{};
  // An OpenSSL that cannot do SHA-256 is a broken installation.
  ASSERT(EVP_Digest(spki_der.data(), spki_der.size(), hash.data(), nullptr, EVP_sha256(), nullptr) == 1);
  return PeerId{to_base32(ByteView(hash).first(kKeyPeerIdHashBytes))};
}

bool is_key_peer_id(std::string_view text) {
  const auto is_base32 = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '2' && c <= '7'); };
  return text.size() == kKeyPeerIdChars && std::ranges::all_of(text, is_base32);
}

}  // namespace essaim::access
