#include "content/sketch.hpp"

#include <algorithm>

namespace essaim::content {

std::vector<std::uint64_t> sketch_of(std::span<const Leaf> leaves) {
  if (leaves.size() < 2) return {};
  std::vector<std::uint64_t> sketch;
  sketch.reserve(leaves.size());
  for (const Leaf& leaf : leaves) {
    std::uint64_t number = 0;
    for (const std::uint8_t byte : leaf.view().first(sizeof number)) number = number << 8U | byte;
    sketch.push_back(number);
  }
  std::ranges::sort(sketch);
  const auto repeated = std::ranges::unique(sketch);
  sketch.erase(repeated.begin(), repeated.end());
  if (sketch.size() > kSketchMax) sketch.resize(kSketchMax);
  return sketch;
}

}  // namespace essaim::content
