// What a download holds, from and to the HAVE messages of the wire.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "base/bytes.hpp"
#include "base/ids.hpp"
#include "swarm/have_feed.hpp"
#include "wire/messages_swarm.hpp"

namespace essaim::node {

// What the swarm of a download is about.
struct SwarmScope {
  enum class Kind {
    kContent,  // one content: the download has one item
    kFiles,    // the files of a folder, whose document is the content
  };
  Kind kind = Kind::kContent;
  ContentId root;
  // kFiles: each item's number in the document (wire/messages_swarm.hpp), ascending; and how many numbers there are. A
  // download of a part of the folder has fewer items than that.
  std::vector<std::uint32_t> numbers{};
  std::uint32_t numbers_total = 0;
};

// The frames that tell of `news`. `id_of` names the content of an item.
[[nodiscard]] std::vector<Bytes> have_frames(const SwarmScope& scope, const swarm::HaveNews& news,
                                             const std::function<ContentId(swarm::ItemIndex)>& id_of);

// The chunks or files that a message tells of, ascending as far as its sender kept to that; nothing of what is beyond
// `count`. For kinds that have a list or a bitfield.
[[nodiscard]] std::vector<std::uint32_t> numbers_told(const wire::Have& have, ByteView payload, std::uint32_t count);

// The item with this number in the document; nothing where the download has none.
[[nodiscard]] std::optional<swarm::ItemIndex> item_of_number(const SwarmScope& scope, std::uint32_t number);

}  // namespace essaim::node
