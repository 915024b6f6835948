// The part of Download that shows which parts are here.
#include <algorithm>
#include <set>

#include "swarm/download.hpp"

namespace essaim::swarm {
namespace {

struct Stretch {
  std::uint64_t first = 0;  // byte of the whole download
  std::uint64_t count = 0;
  enum class State { kHere, kAsked, kMissing } state = State::kMissing;
  std::uint16_t sources = 0;
};

// Cuts a row of bytes into cells, and counts what each holds.
class CellPainter {
 public:
  CellPainter(std::uint64_t bytes, std::uint64_t width) : width_(width), counts_((bytes + width - 1) / width) {}

  void paint(const Stretch& stretch) {
    const std::uint64_t end = stretch.first + stretch.count;
    for (std::uint64_t at = stretch.first; at < end;) {
      const std::size_t cell = at / width_;
      const std::uint64_t next = std::min(end, (cell + 1) * width_);
      count(counts_[cell], stretch, next - at);
      at = next;
    }
  }

  [[nodiscard]] std::vector<MapCell> cells() const {
    std::vector<MapCell> cells;
    for (const Counts& each : counts_) {
      const std::uint64_t whole = std::max<std::uint64_t>(1, each.here + each.asked + each.missing);
      cells.push_back({.have = static_cast<std::uint8_t>(each.here * 100 / whole),
                       .flight = static_cast<std::uint8_t>(each.asked * 100 / whole),
                       .sources = each.here == whole ? std::uint16_t{0} : each.sources});
    }
    return cells;
  }

 private:
  struct Counts {
    std::uint64_t here = 0;  // bytes
    std::uint64_t asked = 0;
    std::uint64_t missing = 0;
    std::uint16_t sources = UINT16_MAX;
  };

  static void count(Counts& counts, const Stretch& stretch, std::uint64_t bytes) {
    switch (stretch.state) {
      case Stretch::State::kHere: counts.here += bytes; return;
      case Stretch::State::kAsked: counts.asked += bytes; break;
      case Stretch::State::kMissing: counts.missing += bytes; break;
    }
    counts.sources = std::min(counts.sources, stretch.sources);
  }

  std::uint64_t width_;  // of a cell, in bytes; the last may be narrower
  std::vector<Counts> counts_;
};

// Bytes of a cell: no more cells than chunks, and of a single item whole chunks to each.
std::uint64_t cell_width(const ItemTable& table, std::uint64_t bytes) {
  std::uint64_t chunks = 0;
  for (std::size_t i = 0; i < table.size(); ++i) chunks += table.plan(ItemIndex{static_cast<std::uint32_t>(i)}).chunks;
  const std::uint64_t cells = std::min<std::uint64_t>({kMapCellsMax, chunks, bytes});
  const std::uint64_t width = (bytes + cells - 1) / cells;
  if (table.size() > 1) return width;
  const std::uint64_t chunk = table.plan(ItemIndex{0}).chunk_bytes;
  return (width + chunk - 1) / chunk * chunk;
}

}  // namespace

std::vector<MapCell> Download::map() const {
  if (bytes_total_ == 0 || table_.size() > kMapItemsMax) return {};
  CellPainter painter(bytes_total_, cell_width(table_, bytes_total_));
  std::set<ChunkRef> asked;
  for (const Work& work : book_.works()) {
    if (work.kind == WorkKind::kChunk) asked.insert(work.chunk);
  }
  const auto holders = [this](const auto& holds) {
    return static_cast<std::uint16_t>(
        std::ranges::count_if(sources_, [&](const auto& each) { return holds(each.second.holdings); }));
  };
  std::uint64_t begin = 0;
  for (std::size_t i = 0; i < table_.size(); ++i) {
    const ItemIndex item{static_cast<std::uint32_t>(i)};
    const content::ChunkPlan plan = table_.plan(item);
    const auto open = open_.find(item);
    if (open == open_.end()) {
      const auto state = table_.is_done(item) ? Stretch::State::kHere : Stretch::State::kMissing;
      const auto some = [item](const Holdings& holdings) { return holdings.has_some(item); };
      painter.paint({begin, plan.size, state, table_.is_done(item) ? std::uint16_t{0} : holders(some)});
      begin += plan.size;
      continue;
    }
    for (std::uint32_t index = 0; index < plan.chunks; ++index) {
      const ChunkRef chunk{item, content::ChunkIndex{index}};
      Stretch stretch{begin + plan.offset(chunk.chunk), plan.length(chunk.chunk), Stretch::State::kHere, 0};
      if (!open->second.have.test(index)) {
        stretch.state = asked.contains(chunk) ? Stretch::State::kAsked : Stretch::State::kMissing;
        stretch.sources = holders([chunk](const Holdings& holdings) { return holdings.has(chunk); });
      }
      painter.paint(stretch);
    }
    begin += plan.size;
  }
  return painter.cells();
}

}  // namespace essaim::swarm
