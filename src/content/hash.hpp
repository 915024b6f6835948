// The hashes of content: BLAKE3 for leaves and content ids, SHA-256 for level 0 of the wire.
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "base/bytes.hpp"
#include "base/ids.hpp"

namespace essaim::content {

// BLAKE3 of one chunk, given whole. Faster than any incremental way: the library then hashes up to 16 KiB side by side.
[[nodiscard]] Leaf leaf_of(ByteView chunk);

// BLAKE3 of one chunk that comes in pieces. Pieces of 16 KiB and more cost about a tenth over leaf_of().
class LeafHasher {
 public:
  LeafHasher();
  LeafHasher(LeafHasher&&) noexcept;
  LeafHasher& operator=(LeafHasher&&) noexcept;
  ~LeafHasher();

  void update(ByteView piece);
  // The leaf of all pieces since the last finish(); the hasher is then ready for the next chunk.
  [[nodiscard]] Leaf finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// The BLAKE3 derive-key context of a content id. Part of the protocol.
inline constexpr std::string_view kContentIdContext = "essaim 2026 content v1";

// The id of content of `size` bytes with these leaves. The two must agree: size at most kContentBytesMax, and as many
// leaves as plan_for(size) has chunks. What a peer claims goes through check_manifest() (content/manifest.hpp) instead.
[[nodiscard]] ContentId content_id_of(std::uint64_t size, std::span<const Leaf> leaves);

[[nodiscard]] Sha256 sha256_of(ByteView bytes);

// SHA-256 of bytes that come in pieces.
class Sha256Hasher {
 public:
  Sha256Hasher();
  Sha256Hasher(Sha256Hasher&&) noexcept;
  Sha256Hasher& operator=(Sha256Hasher&&) noexcept;
  ~Sha256Hasher();

  void update(ByteView piece);
  // The hash of all pieces since the last finish(); the hasher is then ready for the next bytes.
  [[nodiscard]] Sha256 finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace essaim::content
