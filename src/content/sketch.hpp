// A few numbers by which files that share chunks find each other.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/ids.hpp"

namespace essaim::content {

inline constexpr std::size_t kSketchMax = 16;

// The kSketchMax least of the leaves, each as the number that its first 8 bytes are (big-endian), sorted, without
// repetition. Of two files of which a part p of all different chunks is common, about the part p of their sketches is
// too (bottom-k sketches: Broder 1997). Leaves are hashes, so the least of them are a fair sample. Nothing for files of
// fewer than two chunks.
[[nodiscard]] std::vector<std::uint64_t> sketch_of(std::span<const Leaf> leaves);

}  // namespace essaim::content
