#include "node/classic_feed.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "node/chunk_intake.hpp"
#include "node/classic_errand.hpp"
#include "node/classic_limits.hpp"
#include "node/peer_session.hpp"
#include "transport/dialer.hpp"

namespace essaim::node {
namespace {

namespace asio = boost::asio;
namespace classic = wire::classic;

std::uint64_t pieces_of(std::uint64_t size) { return (size + wire::kClassicChunkBytes - 1) / wire::kClassicChunkBytes; }

}  // namespace

ClassicFeed::ClassicFeed(transport::Lane& lane, PeerId self, ClassicSource source, Report report)
    : lane_(lane), self_(std::move(self)), source_(std::move(source)), report_(std::move(report)) {}

ClassicFeed::~ClassicFeed() = default;

bool ClassicFeed::fits(const classic::File& file) {
  static_assert(content::kChunkBytesMin % wire::kClassicChunkBytes == 0);
  return file.size > 0 && file.chunks_total == pieces_of(file.size);
}

void ClassicFeed::order(std::vector<ChunkOrder> orders) {
  lane_.post([self = shared_from_this(), orders = std::move(orders)]() mutable {
    std::ranges::move(orders, std::back_inserter(self->orders_));
    if (std::exchange(self->running_, true)) return;
    asio::co_spawn(self->lane_.executor(), self->run(), asio::detached);
  });
}

void ClassicFeed::forget(std::vector<std::uint64_t> wire_ids) {
  lane_.post([self = shared_from_this(), ids = std::move(wire_ids)] {
    std::erase_if(self->orders_,
                  [&](const ChunkOrder& order) { return std::ranges::find(ids, order.wire_id) != ids.end(); });
  });
}

asio::awaitable<void> ClassicFeed::run() {
  const auto self = shared_from_this();
  while (!orders_.empty()) {
    const ChunkOrder order = std::move(orders_.front());
    orders_.pop_front();
    auto fetching = fetch(order);
    const auto chunk = co_await std::move(fetching);
    report_(chunk ? settle_chunk(order, *chunk, lane_.number()) : failed_chunk(order, swarm::FailReason::kClosed));
  }
  errand_ = nullptr;
  running_ = false;
}

asio::awaitable<std::optional<Bytes>> ClassicFeed::fetch(const ChunkOrder& order) {
  Bytes chunk;
  int fruitless = 0;
  while (chunk.size() < order.length) {
    const auto index = static_cast<std::uint32_t>((order.offset + chunk.size()) / wire::kClassicChunkBytes);
    auto fetching = fetch_piece(index);
    const auto piece = co_await std::move(fetching);
    if (piece && piece->size() <= order.length - chunk.size()) {
      chunk.insert(chunk.end(), piece->begin(), piece->end());
      const bool is_whole = piece->size() == wire::kClassicChunkBytes || chunk.size() == order.length;
      if (!is_whole) co_return std::nullopt;
      fruitless = 0;
      continue;
    }
    errand_ = nullptr;
    if (++fruitless > kClassicRetriesMax) co_return std::nullopt;
  }
  co_return chunk;
}

asio::awaitable<std::optional<Bytes>> ClassicFeed::fetch_piece(std::uint32_t index) {
  if (errand_ == nullptr) {
    auto socket = co_await transport::dial(lane_.executor(), source_.endpoint, kDialTimeMax);
    if (!socket) co_return std::nullopt;
    errand_ = std::make_unique<ClassicErrand>(std::move(*socket), self_);
  }
  auto asking = errand_->ask<classic::ChunkData>(classic::ChunkRequest{source_.file.file_id, index});
  auto answer = co_await std::move(asking);
  if (!answer || answer->chunk_index != index || answer->data.empty()) co_return std::nullopt;
  co_return std::move(answer->data);
}

}  // namespace essaim::node
