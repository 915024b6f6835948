// The two hashes of a pairing (access/pairing.hpp; docs/protocol.md, "Pairing").
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/ids.hpp"

namespace essaim::access {

inline constexpr std::size_t kPairingDigits = 6;

using PairingNonce = std::array<std::uint8_t, kDigestBytes>;

// SHA-256 over "essaim 2026 pairing commitment v1", the asker's id, the answerer's id, and the asker's nonce.
[[nodiscard]] PairingNonce pairing_commitment(const PeerId& asker, const PeerId& answerer, const PairingNonce& nonce);

struct PairingTranscript {
  PeerId asker;
  PeerId answerer;
  PairingNonce asker_nonce;
  PairingNonce answerer_nonce;
};
// The first eight bytes, big-endian, of SHA-256 over "essaim 2026 pairing digits v1" and the transcript in this order,
// modulo a million, with leading zeros.
[[nodiscard]] std::string pairing_digits(const PairingTranscript& transcript);

}  // namespace essaim::access
