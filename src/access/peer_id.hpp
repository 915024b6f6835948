// A level-1 peer is its key: its id is derived from the key, so nobody can take another's.
#pragma once
#include <cstddef>
#include <string_view>

#include "base/bytes.hpp"
#include "base/ids.hpp"

namespace essaim::access {

// Characters of a key's peer id, and the bytes of the hash that they spell.
inline constexpr std::size_t kKeyPeerIdChars = 32;
inline constexpr std::size_t kKeyPeerIdHashBytes = 20;

// Base32 of the first 20 bytes of SHA-256 over a DER-encoded SubjectPublicKeyInfo (RFC 5280).
[[nodiscard]] PeerId peer_id_of_public_key(ByteView spki_der);

// Has the text the form of a key's peer id? It says nothing about who holds the key.
[[nodiscard]] bool is_key_peer_id(std::string_view text);

}  // namespace essaim::access
