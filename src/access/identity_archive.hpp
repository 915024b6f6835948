// Who a peer is and whom it trusts, in a file that can be carried to another machine.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/audience.hpp"
#include "access/sealed.hpp"
#include "base/ids.hpp"

namespace essaim::access {

struct ArchivedPeer {
  PeerId id;
  std::string name;
  Trust trust = Trust::kTrusted;  // never kStranger

  friend bool operator==(const ArchivedPeer&, const ArchivedPeer&) = default;
};

struct IdentityArchive {
  std::string key_pem;  // secret
  std::vector<ArchivedPeer> peers;

  friend bool operator==(const IdentityArchive&, const IdentityArchive&) = default;
};

inline constexpr std::size_t kArchiveKeyBytesMax = 16 * 1024;
inline constexpr std::size_t kArchiveNameBytesMax = 255;
inline constexpr std::size_t kArchivePeersMax = 10'000;

// The content that is sealed (access/sealed.hpp): the key, then each peer. A text is its length in two bytes, the
// higher first, and its bytes.
//
//     text        the key, as PEM
//     each peer:
//     1 byte      1 trusted, 2 blocked
//     text        its id
//     text        its name
//
// kTooLarge above one of the maxima; an id that is not a key's, or a stranger, is the caller's error.
[[nodiscard]] Expected<Bytes, SealError> seal_identity(const IdentityArchive& archive, const SealWith& with);
[[nodiscard]] Expected<IdentityArchive, SealError> unseal_identity(ByteView sealed, std::string_view passphrase);

// What is inside, opened; bounded whatever the bytes are. Nothing where they are not of the form above to the last one.
[[nodiscard]] std::optional<IdentityArchive> parse_identity(ByteView content);

}  // namespace essaim::access
