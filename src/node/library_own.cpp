// The part of Library that finds what a download need not fetch.
#include <unordered_map>
#include <utility>

#include "node/library.hpp"

namespace essaim::node {
namespace {

// Files that are looked at for chunks of another one.
constexpr std::size_t kSimilarMax = 4;

}  // namespace

std::shared_ptr<const storage::ServedFile> Library::open_own(const ContentId& id) {
  for (const storage::SharedFile& place : places_of(id)) {
    const auto share = shares_.find(place.share);
    if (share == shares_.end() || share->second.root == nullptr) continue;
    auto opened = storage::ServedFile::open(*share->second.root, place.record.path, place.record.fingerprint());
    if (opened) return std::make_shared<const storage::ServedFile>(std::move(*opened));
  }
  return nullptr;
}

std::string Library::own_name_of(const ContentId& id) {
  for (const storage::SharedFile& place : places_of(id)) {
    const auto share = shares_.find(place.share);
    if (share == shares_.end()) continue;
    const std::string& path = place.record.path.empty() ? share->second.record.path : place.record.path;
    return path.substr(path.rfind('/') + 1);
  }
  return "";
}

std::vector<OwnChunk> Library::own_chunks(std::span<const Leaf> wanted) {
  const auto similar = files().similar_to(wanted, kSimilarMax);
  if (!similar || similar->empty()) return {};
  std::unordered_map<Leaf, OwnChunk> known;
  for (const ContentId& id : *similar) {
    const auto manifest = files().manifest_of(id);
    if (!manifest || !*manifest) continue;
    const auto plan = content::plan_for((*manifest)->size);
    const auto file = open_own(id);
    if (!plan || file == nullptr) continue;
    for (std::uint32_t i = 0; i < plan->chunks; ++i) {
      known.try_emplace((*manifest)->leaves[i], OwnChunk{{}, file, plan->offset(content::ChunkIndex{i})});
    }
  }
  std::vector<OwnChunk> own;
  for (std::uint32_t i = 0; i < wanted.size(); ++i) {
    const auto found = known.find(wanted[i]);
    if (found != known.end()) own.push_back({content::ChunkIndex{i}, found->second.file, found->second.offset});
  }
  return own;
}

}  // namespace essaim::node
