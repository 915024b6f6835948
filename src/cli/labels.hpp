// What peers and their entries are called on a terminal, so that it can be typed back.
#pragma once
#include <string>
#include <vector>

#include "node/views.hpp"

namespace essaim::cli {

inline constexpr std::size_t kShortIdChars = 12;

// The beginning of an id that is a key; all of any other, since only a key's beginning is as good as unique.
[[nodiscard]] std::string short_id(const node::PeerView& peer);

// PEER/PATH for each entry, as `get` and `ls` take it; folders end with '/'. PEER is the name, or the id where it has
// no name or shares its name with another one in the list.
[[nodiscard]] std::vector<std::string> entry_labels(const std::vector<node::EntryView>& entries);

}  // namespace essaim::cli
