// Names beside the one that was asked for: of what is not finished, and of what would clash.
#pragma once
#include <string>
#include <string_view>

#include "base/safe_path.hpp"

namespace essaim::storage {

inline constexpr std::string_view kPartSuffix = ".essaim-part";
// How many names are tried, the wanted one included, before kExists.
inline constexpr unsigned kClashNamesMax = 1000;

// ".talk.mp4.essaim-part"; for attempt 2 and up ".talk.mp4.2.essaim-part". A name that would be longer than
// kPathPartBytesMax is cut, and a digest of all of it put in. `name` is one part.
[[nodiscard]] SafePath part_name_of(const SafePath& name, unsigned attempt);
// Is this a name that part_name_of() could have made?
[[nodiscard]] bool is_part_name(std::string_view name);

// "talk.mp4" itself for attempt 1, then "talk (2).mp4", "talk (3).mp4"; the stem is cut where the name would be longer
// than kPathPartBytesMax, between characters. `name` is one part.
[[nodiscard]] SafePath clash_name_of(const SafePath& name, unsigned attempt);

}  // namespace essaim::storage
