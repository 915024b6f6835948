#include "access/identity_archive.hpp"

#include <utility>

#include <openssl/crypto.h>

#include "access/peer_id.hpp"
#include "base/assert.hpp"
#include "base/text.hpp"

namespace essaim::access {
namespace {

static_assert(kArchivePeersMax * (5 + kKeyPeerIdChars + kArchiveNameBytesMax) + kArchiveKeyBytesMax < kSealedBytesMax);

void append(Bytes& to, std::string_view text) {
  to.push_back(static_cast<std::uint8_t>(text.size() >> 8U));
  to.push_back(static_cast<std::uint8_t>(text.size()));
  to.insert(to.end(), text.begin(), text.end());
}

class Reader {
 public:
  explicit Reader(ByteView bytes) : rest_(bytes) {}

  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  [[nodiscard]] std::optional<std::uint8_t> byte() {
    if (rest_.empty()) return std::nullopt;
    const std::uint8_t value = rest_.front();
    rest_ = rest_.subspan(1);
    return value;
  }
  [[nodiscard]] std::optional<std::string> text(std::size_t bytes_max) {
    const auto high = byte();
    const auto low = byte();
    if (!high || !low) return std::nullopt;
    const std::size_t bytes = (std::size_t{*high} << 8U) | *low;
    if (bytes > bytes_max || bytes > rest_.size()) return std::nullopt;
    std::string text(as_text(rest_.first(bytes)));
    rest_ = rest_.subspan(bytes);
    return text;
  }

 private:
  ByteView rest_;
};

std::optional<ArchivedPeer> read_peer(Reader& reader) {
  const auto trust = reader.byte();
  auto id = reader.text(kKeyPeerIdChars);
  auto name = reader.text(kArchiveNameBytesMax);
  const bool known =
      trust == static_cast<std::uint8_t>(Trust::kTrusted) || trust == static_cast<std::uint8_t>(Trust::kBlocked);
  if (!known || !id || !name || !is_key_peer_id(*id) || !is_utf8(*name)) return std::nullopt;
  return ArchivedPeer{.id = PeerId{std::move(*id)}, .name = std::move(*name), .trust = static_cast<Trust>(*trust)};
}

}  // namespace

static_assert(static_cast<int>(Trust::kTrusted) == 1 && static_cast<int>(Trust::kBlocked) == 2);

Expected<Bytes, SealError> seal_identity(const IdentityArchive& archive, const SealWith& with) {
  if (archive.key_pem.size() > kArchiveKeyBytesMax || archive.peers.size() > kArchivePeersMax) {
    return fail(SealError::kTooLarge);
  }
  Bytes content;
  append(content, archive.key_pem);
  for (const ArchivedPeer& peer : archive.peers) {
    ASSERT(peer.trust != Trust::kStranger && is_key_peer_id(peer.id.text));
    if (peer.name.size() > kArchiveNameBytesMax) return fail(SealError::kTooLarge);
    content.push_back(static_cast<std::uint8_t>(peer.trust));
    append(content, peer.id.text);
    append(content, peer.name);
  }
  auto sealed = seal(content, with);
  OPENSSL_cleanse(content.data(), content.size());
  return sealed;
}

Expected<IdentityArchive, SealError> unseal_identity(ByteView sealed, std::string_view passphrase) {
  auto content = unseal(sealed, passphrase);
  if (!content) return fail(content.error());
  auto archive = parse_identity(*content);
  OPENSSL_cleanse(content->data(), content->size());
  if (!archive) return fail(SealError::kContent);
  return std::move(*archive);
}

std::optional<IdentityArchive> parse_identity(ByteView content) {
  Reader reader(content);
  auto key = reader.text(kArchiveKeyBytesMax);
  if (!key) return std::nullopt;
  IdentityArchive archive{.key_pem = std::move(*key), .peers = {}};
  while (!reader.at_end()) {
    if (archive.peers.size() == kArchivePeersMax) return std::nullopt;
    auto peer = read_peer(reader);
    if (!peer) return std::nullopt;
    archive.peers.push_back(std::move(*peer));
  }
  return archive;
}

}  // namespace essaim::access
