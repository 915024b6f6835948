#include "access/audience.hpp"

#include <algorithm>

#include "access/peer_id.hpp"
#include "base/defence.hpp"

namespace essaim::access {
namespace {

constexpr std::string_view kEveryoneText = "everyone";
constexpr std::string_view kTrustedText = "trusted";
constexpr std::string_view kUnlistedText = "unlisted";

std::optional<Audience> parse_peers(std::string_view text) {
  Audience audience{.kind = Audience::Kind::kPeers};
  while (true) {
    const std::size_t comma = text.find(',');
    const std::string_view id = text.substr(0, comma);
    if (!is_key_peer_id(id) || audience.peers.size() == kAudiencePeersMax) return std::nullopt;
    audience.peers.push_back(PeerId{std::string(id)});
    if (comma == std::string_view::npos) break;
    text.remove_prefix(comma + 1);
  }
  std::ranges::sort(audience.peers);
  const auto repeated = std::ranges::unique(audience.peers);
  audience.peers.erase(repeated.begin(), repeated.end());
  return audience;
}

bool is_blocked(const Viewer& viewer) { return viewer.proven && viewer.trust == Trust::kBlocked; }

}  // namespace

std::optional<Audience> parse_audience(std::string_view text) {
  if (text == kEveryoneText) return Audience{.kind = Audience::Kind::kEveryone};
  if (text == kTrustedText) return Audience{.kind = Audience::Kind::kTrusted};
  if (text == kUnlistedText) return Audience{.kind = Audience::Kind::kUnlisted};
  return parse_peers(text);
}

std::string format_audience(const Audience& audience) {
  switch (audience.kind) {
    case Audience::Kind::kEveryone: return std::string(kEveryoneText);
    case Audience::Kind::kTrusted: return std::string(kTrustedText);
    case Audience::Kind::kUnlisted: return std::string(kUnlistedText);
    case Audience::Kind::kPeers: break;
  }
  std::string text;
  for (const PeerId& peer : audience.peers) {
    if (!text.empty()) text += ',';
    text += peer.text;
  }
  return text;
}

std::string_view to_string(Trust trust) {
  switch (trust) {
    case Trust::kStranger: return "unknown";
    case Trust::kTrusted: return "trusted";
    case Trust::kBlocked: return "blocked";
  }
  return "unknown";
}

std::optional<Trust> trust_from_text(std::string_view text) {
  for (const Trust trust : {Trust::kStranger, Trust::kTrusted, Trust::kBlocked}) {
    if (text == to_string(trust)) return trust;
  }
  return std::nullopt;
}

bool may_see(const Audience& audience, const Viewer& viewer) {
  const std::optional<PeerId>& peer = viewer.proven;
  if (!defended(Defence::kAudience)) return true;
  if (is_blocked(viewer)) return false;
  switch (audience.kind) {
    case Audience::Kind::kEveryone: return true;
    case Audience::Kind::kTrusted: return peer && viewer.trust == Trust::kTrusted;
    case Audience::Kind::kPeers: return peer && std::ranges::find(audience.peers, *peer) != audience.peers.end();
    case Audience::Kind::kUnlisted: return false;
  }
  return false;
}

bool may_fetch(const Audience& audience, const Viewer& viewer) {
  if (audience.kind == Audience::Kind::kUnlisted) return viewer.proven && !is_blocked(viewer);
  return may_see(audience, viewer);
}

}  // namespace essaim::access
