// Bytes that only a passphrase opens.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace essaim::access {

// === The form, version 1; numbers are single bytes ===
//
//     bytes   what
//     16      "essaim identity" and a line feed
//     1       1, the version
//     3       the cost of the key, by scrypt (RFC 7914): log2 of N, r, p
//     16      salt of the key
//     12      nonce
//     any     the content, encrypted with ChaCha20 (RFC 8439) by the key of 32 bytes
//     16      Poly1305's tag of it; what stands before the content is authenticated with it
//     32      SHA-256 of all before
//
// The last tells damage from a wrong passphrase, before anybody is asked for one.
inline constexpr std::size_t kSaltBytes = 16;
inline constexpr std::size_t kNonceBytes = 12;
inline constexpr std::size_t kSealedBytesMax = 4 * kMiB;  // of the whole

// What it costs to try a passphrase: 128 MiB and about half a second.
inline constexpr std::uint8_t kScryptLogN = 17;
inline constexpr std::uint8_t kScryptR = 8;
inline constexpr std::uint8_t kScryptP = 1;
// What a file may ask of who reads it: at most 256 MiB, and eight times as long.
inline constexpr std::uint8_t kScryptLogNMax = 18;
inline constexpr std::uint8_t kScryptRMax = 8;
inline constexpr std::uint8_t kScryptPMax = 4;

enum class SealError {
  kForeign,     // not such bytes at all
  kNewer,       // of a later version
  kDamaged,     // cut short, or changed
  kTooCostly,   // asks for more than the maxima above
  kTooLarge,    // above kSealedBytesMax
  kPassphrase,  // not the right one
  kContent,     // opened, but not what was to be in it
  kOpenssl,     // OpenSSL failed
};
[[nodiscard]] std::string_view to_string(SealError error);

// Both fresh from a random source each time.
struct SealChance {
  std::array<std::uint8_t, kSaltBytes> salt{};
  std::array<std::uint8_t, kNonceBytes> nonce{};
};
struct SealWith {
  std::string_view passphrase;  // its bytes as they are
  SealChance chance;
  std::uint8_t log_n = kScryptLogN;
};
[[nodiscard]] Expected<Bytes, SealError> seal(ByteView content, const SealWith& with);

// Is it whole, and may it be opened? All that can be said without the passphrase.
[[nodiscard]] Expected<void, SealError> check_sealed(ByteView sealed);
[[nodiscard]] Expected<Bytes, SealError> unseal(ByteView sealed, std::string_view passphrase);

}  // namespace essaim::access
