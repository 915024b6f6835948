#include "node/classic_client.hpp"

#include <string>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/text.hpp"
#include "content/hash.hpp"
#include "node/classic_errand.hpp"
#include "node/classic_limits.hpp"
#include "node/failures.hpp"
#include "node/peer_session.hpp"
#include "transport/clock.hpp"
#include "transport/dialer.hpp"

namespace essaim::node {
namespace {

namespace asio = boost::asio;
namespace classic = wire::classic;

Failure unreachable(const Endpoint& peer, std::string_view why) {
  return {FailureCode::kFailed, "The peer at " + peer.text() + " did not answer: " + std::string(why) + "."};
}

asio::awaitable<Outcome<std::vector<classic::File>>> list_on_lane(Endpoint peer, PeerId self) {
  auto socket = co_await transport::dial(co_await asio::this_coro::executor, peer, kDialTimeMax);
  if (!socket) co_return fail(unreachable(peer, to_string(socket.error())));
  ClassicErrand errand(std::move(*socket), std::move(self));
  auto answer = co_await errand.ask<classic::FileListResponse>(classic::FileListRequest{});
  if (!answer) co_return fail(unreachable(peer, answer.error()));
  co_return std::move(answer->files);
}

// A download under way: where it is, and the hash of what came so far.
struct Intake {
  classic::File file;
  std::shared_ptr<storage::PartFile> part;
  std::shared_ptr<ClassicProgress> progress;
  content::Sha256Hasher hasher;
  std::uint32_t next_chunk = 0;
  std::uint64_t bytes = 0;

  [[nodiscard]] Outcome<void> take(const classic::ChunkData& chunk) {
    const bool garbled = chunk.hash && content::sha256_of(chunk.data) != *chunk.hash;
    const bool misplaced =
        chunk.chunk_index != next_chunk || chunk.data.empty() || chunk.data.size() > file.size - bytes;
    if (garbled || misplaced) {
      return fail_with(FailureCode::kRefused, "The peer sent a chunk of \"" + file.filename +
                                                  "\" that is not what it announced. Nothing of it was kept; fetch it "
                                                  "from somebody else.");
    }
    if (auto written = part->write_chunk_at(bytes, chunk.data); !written) return fail(failure_of(written.error()));
    hasher.update(chunk.data);
    bytes += chunk.data.size();
    ++next_chunk;
    progress->bytes.store(bytes);
    return {};
  }
};

// As far as one connection carries. True when it got further, false when it did not.
asio::awaitable<Outcome<bool>> fetch_some(Endpoint peer, PeerId self, Intake& intake) {
  auto socket = co_await transport::dial(co_await asio::this_coro::executor, peer, kDialTimeMax);
  if (!socket) co_return false;
  ClassicErrand errand(std::move(*socket), std::move(self));
  const std::uint64_t before = intake.bytes;
  while (intake.bytes < intake.file.size && !intake.progress->stop) {
    auto chunk = co_await errand.ask<classic::ChunkData>(classic::ChunkRequest{intake.file.file_id, intake.next_chunk});
    if (!chunk) break;
    if (auto taken = intake.take(*chunk); !taken) co_return fail(taken.error());
  }
  co_return intake.bytes > before;
}

asio::awaitable<Outcome<void>> fetch_on_lane(Endpoint peer, PeerId self, Intake intake) {
  int fruitless = 0;
  while (intake.bytes < intake.file.size) {
    if (intake.progress->stop) co_return fail_with(FailureCode::kInterrupted, "The download was stopped.");
    auto further = co_await fetch_some(peer, self, intake);
    if (!further) co_return fail(further.error());
    fruitless = *further ? 0 : fruitless + 1;
    if (fruitless > kClassicRetriesMax) {
      co_return fail(unreachable(peer, "no chunk came, though it was asked several times"));
    }
  }
  if (intake.file.hash && intake.hasher.finish() != *intake.file.hash) {
    co_return fail_with(FailureCode::kRefused, "What came of \"" + intake.file.filename +
                                                   "\" does not have the SHA-256 that the peer announced. Nothing of "
                                                   "it was kept; fetch it from somebody else.");
  }
  co_return Outcome<void>();
}

}  // namespace

asio::awaitable<Outcome<std::vector<classic::File>>> ClassicClient::list(Endpoint peer) {
  auto errand = list_on_lane(peer, self_);
  co_return co_await asio::co_spawn(lanes_.next().executor(), std::move(errand), asio::use_awaitable);
}

asio::awaitable<Outcome<void>> ClassicClient::fetch(Endpoint peer, classic::File file,
                                                    std::shared_ptr<storage::PartFile> part,
                                                    std::shared_ptr<ClassicProgress> progress) {
  Intake intake{.file = std::move(file), .part = std::move(part), .progress = std::move(progress), .hasher = {}};
  auto errand = fetch_on_lane(peer, self_, std::move(intake));
  co_return co_await asio::co_spawn(lanes_.next().executor(), std::move(errand), asio::use_awaitable);
}

std::shared_ptr<ClassicFeed> ClassicClient::feed(ClassicSource source, ClassicFeed::Report report) {
  return std::make_shared<ClassicFeed>(lanes_.next(), self_, std::move(source), std::move(report));
}

}  // namespace essaim::node
