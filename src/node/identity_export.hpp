// Takes a peer's identity out of its home, and puts one into a home, without a node.
#pragma once
#include <cstddef>
#include <functional>
#include <optional>
#include <string>

#include "base/ids.hpp"
#include "node/views.hpp"

namespace essaim::node {

inline constexpr std::size_t kPassphraseBytesMin = 8;  // of a new one
inline constexpr std::size_t kPassphraseBytesMax = 1024;

// Called when everything else is well, so that nobody types a passphrase for nothing.
using AskPassphrase = std::function<Outcome<std::string>()>;

struct IdentityView {
  PeerId peer_id;
  std::string words;
  std::size_t trusted = 0;  // peers that went with it
  std::size_t blocked = 0;
  std::optional<std::string> kept;  // where the key that was there before is now
};

// `home` and `file` are absolute.
struct ExportRequest {
  std::string home;
  std::string file;
};
// Writes the key, and whom this peer trusts and has blocked, sealed with the passphrase (access/identity_archive.hpp),
// with mode 0600. A node may run meanwhile. kRefused where something is called `file` already.
[[nodiscard]] Outcome<IdentityView> export_identity(const ExportRequest& request, const AskPassphrase& ask);

struct ImportRequest {
  enum class Existing { kRefuse, kReplace };
  std::string home;  // made where it misses
  std::string file;
  Existing existing = Existing::kRefuse;  // an identity that is there; replaced, it is kept beside
};
// Peers of the home that the file does not name stay as they are. kRefused where a node runs on the home, where there
// is an identity (unless it is to be replaced), and where the passphrase is wrong.
[[nodiscard]] Outcome<IdentityView> import_identity(const ImportRequest& request, const AskPassphrase& ask);

}  // namespace essaim::node
