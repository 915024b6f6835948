#include "node/classic_client.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/defence.hpp"
#include "base/text.hpp"
#include "content/hash.hpp"
#include "node/ask_control.hpp"
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
  std::uint64_t chunk_bytes = wire::kClassicChunkBytes;  // of the last one; the next is taken to be as large
  std::optional<std::uint32_t> allowed_chunk;            // for which the limits have been asked

  [[nodiscard]] Outcome<void> take(const classic::ChunkData& chunk) {
    const bool garbled =
        defended(Defence::kClassicChunkHash) && chunk.hash && content::sha256_of(chunk.data) != *chunk.hash;
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
    chunk_bytes = chunk.data.size();
    ++next_chunk;
    progress->bytes.store(bytes);
    return {};
  }
};

// From whom, and who says how fast; of the lane's.
struct Fetching {
  Endpoint peer;
  PeerId self;
  asio::any_io_executor control;
  std::weak_ptr<DownloadLimits> limits;  // control's: it must not end here

  // Answers when so many bytes may be asked for.
  [[nodiscard]] asio::awaitable<void> pass(std::uint64_t bytes) const {
    const auto ask = [control = control, limits = limits, bytes](Respond<bool> respond) {
      asio::co_spawn(control, passing(limits.lock(), bytes, std::move(respond)), asio::detached);
    };
    auto asking = ask_control<bool>(control, ask);
    co_await std::move(asking);
  }

 private:
  static asio::awaitable<void> passing(std::shared_ptr<DownloadLimits> limits, std::uint64_t bytes,
                                       Respond<bool> respond) {
    if (limits != nullptr) co_await limits->pass(bytes);
    respond(true);
  }
};

// As far as one connection carries. True when it got further, false when it did not.
asio::awaitable<Outcome<bool>> fetch_some(const Fetching& fetching, Intake& intake) {
  auto socket = co_await transport::dial(co_await asio::this_coro::executor, fetching.peer, kDialTimeMax);
  if (!socket) co_return false;
  ClassicErrand errand(std::move(*socket), fetching.self);
  const std::uint64_t before = intake.bytes;
  while (intake.bytes < intake.file.size) {
    if (intake.allowed_chunk != intake.next_chunk) {
      auto asking = fetching.pass(std::min(intake.chunk_bytes, intake.file.size - intake.bytes));
      co_await std::move(asking);
      intake.allowed_chunk = intake.next_chunk;
    }
    if (intake.progress->stop) break;
    auto chunk = co_await errand.ask<classic::ChunkData>(classic::ChunkRequest{intake.file.file_id, intake.next_chunk});
    if (!chunk) break;
    if (auto taken = intake.take(*chunk); !taken) co_return fail(taken.error());
  }
  co_return intake.bytes > before;
}

asio::awaitable<Outcome<void>> fetch_on_lane(Fetching fetching, Intake intake) {
  int fruitless = 0;
  while (intake.bytes < intake.file.size) {
    if (intake.progress->stop) co_return fail_with(FailureCode::kInterrupted, "The download was stopped.");
    auto further = co_await fetch_some(fetching, intake);
    if (!further) co_return fail(further.error());
    fruitless = *further ? 0 : fruitless + 1;
    if (fruitless > kClassicRetriesMax) {
      co_return fail(unreachable(fetching.peer, "no chunk came, though it was asked several times"));
    }
  }
  if (defended(Defence::kClassicFileHash) && intake.file.hash && intake.hasher.finish() != *intake.file.hash) {
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

asio::awaitable<Outcome<void>> ClassicClient::fetch(Fetch fetch) {
  Intake intake{.file = std::move(fetch.source.file),
                .part = std::move(fetch.part),
                .progress = std::move(fetch.progress),
                .hasher = {}};
  Fetching fetching{.peer = fetch.source.endpoint, .self = self_, .control = control_, .limits = fetch.limits};
  auto errand = fetch_on_lane(std::move(fetching), std::move(intake));
  co_return co_await asio::co_spawn(lanes_.next().executor(), std::move(errand), asio::use_awaitable);
}

std::shared_ptr<ClassicFeed> ClassicClient::feed(ClassicSource source, ClassicFeed::Report report) {
  return std::make_shared<ClassicFeed>(lanes_.next(), self_, std::move(source), std::move(report));
}

}  // namespace essaim::node
