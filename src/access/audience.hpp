// Who may see a share. Decisions only: who a viewer is, and whom the person trusts, is found out elsewhere.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"

namespace essaim::access {

inline constexpr std::size_t kAudiencePeersMax = 256;

struct Audience {
  enum class Kind : std::uint8_t {
    kEveryone,  // whoever reaches us, level 0 included
    kTrusted,   // whom the person trusts
    kPeers,     // those named in `peers`
    kUnlisted,  // in nobody's list; for who holds the link
  };
  Kind kind = Kind::kEveryone;
  std::vector<PeerId> peers{};  // for kPeers: at least one, sorted, each once; else empty

  friend bool operator==(const Audience&, const Audience&) = default;
};

// "everyone", "trusted", "unlisted", or peer ids with commas between. Nothing for any other text, for an id that is not
// a key's, and for more than kAudiencePeersMax of them.
[[nodiscard]] std::optional<Audience> parse_audience(std::string_view text);
[[nodiscard]] std::string format_audience(const Audience& audience);

enum class Trust : std::uint8_t { kStranger, kTrusted, kBlocked };

// "unknown", "trusted", "blocked".
[[nodiscard]] std::string_view to_string(Trust trust);
[[nodiscard]] std::optional<Trust> trust_from_text(std::string_view text);

struct Viewer {
  std::optional<PeerId> proven{};  // the id that its key proves; nothing at level 0
  Trust trust = Trust::kStranger;  // of that id; without one it counts for nothing
};

// Does the viewer find the share in lists and searches? A blocked peer never does.
[[nodiscard]] bool may_see(const Audience& audience, const Viewer& viewer);
// Does it get the share's content when it asks by content id? As may_see(), and an unlisted share goes to every proven
// viewer: to know the id is to hold the link.
[[nodiscard]] bool may_fetch(const Audience& audience, const Viewer& viewer);

}  // namespace essaim::access
