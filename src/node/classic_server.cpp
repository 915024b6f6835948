#include "node/classic_server.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/defence.hpp"
#include "content/content_id.hpp"
#include "content/hash.hpp"
#include "node/classic_limits.hpp"
#include "node/peer_session.hpp"
#include "transport/clock.hpp"
#include "transport/frame_stream.hpp"
#include "transport/plain_stream.hpp"

namespace essaim::node {
namespace {

namespace asio = boost::asio;
namespace classic = wire::classic;

constexpr std::size_t kListPageRecords = 1000;

ClassicAnswer error(wire::ErrorCode code, std::string message) {
  return {.message = classic::Error{code, std::move(message)}};
}

std::string last_part(const std::string& path) { return path.substr(path.rfind('/') + 1); }

}  // namespace

// One connection; belongs to its lane. Control holds it weakly: what is left in control's queue outlives the lanes.
class ClassicServer::Talk {
 public:
  explicit Talk(asio::ip::tcp::socket socket)
      : stream(std::move(socket)),
        frames(stream, wire::Level::kClassic),
        my_turn_(stream.executor(), asio::steady_timer::time_point::max()) {}

  // One message at a time, whoever writes: the answers, and the lists that are pushed in between.
  [[nodiscard]] asio::awaitable<bool> write(Bytes frame) {
    while (writing_) co_await my_turn_.async_wait(asio::as_tuple(asio::use_awaitable));
    writing_ = true;
    const auto written = co_await frames.write(frame);
    writing_ = false;
    my_turn_.cancel();
    co_return written.has_value();
  }

  transport::PlainStream stream;
  transport::FrameStream frames;

 private:
  bool writing_ = false;
  asio::steady_timer my_turn_;  // never expires: cancelled when a write has ended
};

asio::awaitable<void> ClassicServer::converse(asio::ip::tcp::socket socket, Door door,
                                              transport::AdmissionTicket ticket) {
  const auto talk = std::make_shared<Talk>(std::move(socket));
  const auto caller = std::make_shared<Caller>(
      Caller{.door = door, .lane = talk->stream.executor(), .talk = talk, .peer = std::nullopt});
  auto holding = hold(talk, caller, std::move(ticket));
  co_await std::move(holding);
  asio::post(parts_.control, [this, caller] { forget(caller); });
}

asio::awaitable<void> ClassicServer::hold(std::shared_ptr<Talk> talk, std::shared_ptr<Caller> caller,
                                          transport::AdmissionTicket ticket) {
  talk->frames.set_deadline(caller->door.open_by);
  bool open = true;
  while (open) {
    auto frame = co_await talk->frames.read_frame();
    std::optional<classic::Message> message;
    if (!frame) {
      const auto* bad = std::get_if<wire::FrameError>(&frame.error());
      if (bad == nullptr) co_return;
      message = classic::Error{wire::error_code_of(*bad), std::string(wire::to_string(*bad))};
      open = false;
    } else if (auto envelope = classic::parse_message(*frame); !envelope) {
      message = classic::Error{wire::ErrorCode::kBadRequest, std::string(envelope.error().field) + ": " +
                                                                 std::string(wire::to_string(envelope.error().error))};
    } else {
      talk->frames.set_deadline(std::nullopt);
      talk->frames.accept_peer();
      ticket.release();
      const auto ask = [this, asked = std::move(*envelope), caller](const Respond& respond) mutable {
        answer(std::move(asked), caller, respond);
      };
      auto deciding = ask_control<ClassicAnswer>(parts_.control, ask);
      ClassicAnswer decided = co_await std::move(deciding);
      if (decided.chunk) {
        auto serving = serve(talk, std::move(*decided.chunk));
        if (!co_await std::move(serving)) co_return;
      }
      message = std::move(decided.message);
      open = !decided.close;
    }
    if (!message) continue;
    auto writing = talk->write(encode(std::move(*message)));
    if (!co_await std::move(writing)) co_return;
  }
  co_await talk->stream.finish(transport::now() + kFarewellTimeMax);
}

asio::awaitable<bool> ClassicServer::serve(std::shared_ptr<Talk> talk, ClassicAnswer::Chunk chunk) {
  Bytes bytes(chunk.length);
  ServeOutcome outcome{.ticket = chunk.ticket, .content = chunk.content};
  classic::Message message = classic::Error{wire::ErrorCode::kChanged, "the file has changed since it was listed"};
  if (auto read = chunk.reader->read_at(chunk.offset, bytes); !read) {
    outcome.failure = std::move(read.error());
  } else {
    const Sha256 hash = content::sha256_of(bytes);
    message = classic::ChunkData{
        .file_id = chunk.file_id, .chunk_index = chunk.index, .data = std::move(bytes), .hash = hash};
  }
  auto writing = talk->write(encode(std::move(message)));
  const bool written = co_await std::move(writing);
  if (written && !outcome.failure) outcome.bytes = chunk.length;
  asio::post(parts_.control,
             [this, outcomes = std::vector{std::move(outcome)}] { parts_.uploads.on_served(outcomes); });
  co_return written;
}

Bytes ClassicServer::encode(classic::Message message) const {
  return classic::encode_message({parts_.self, std::move(message)});
}

void ClassicServer::push_lists() {
  if (callers_.empty()) return;
  const Bytes frame = encode(*list().message);
  for (const auto& caller : callers_) asio::co_spawn(caller->lane, push(caller->talk, frame), asio::detached);
}

asio::awaitable<void> ClassicServer::push(std::weak_ptr<Talk> to, Bytes frame) {
  const auto talk = to.lock();
  if (talk == nullptr) co_return;
  auto writing = talk->write(std::move(frame));
  static_cast<void>(co_await std::move(writing));
}

void ClassicServer::introduce(const PeerId& peer, const std::shared_ptr<Caller>& caller) {
  if (caller->peer || peer.text.empty() || peer == parts_.self) return;
  caller->peer = peer;
  callers_.push_back(caller);
  parts_.neighbourhood.on_classic_opened(peer, caller->door.remote.address);
}

bool ClassicServer::count(Caller& caller) {
  if (caller.counted) return true;
  std::size_t& from_there = talks_[caller.door.remote.address];
  const bool many_from_there = from_there >= kClassicTalksPerAddressMax && !caller.door.remote.address.is_loopback();
  if (defended(Defence::kClassicPlaces) && (many_from_there || talks_in_all_ >= kClassicTalksMax)) {
    if (from_there == 0) talks_.erase(caller.door.remote.address);
    ++refused_;
    return false;
  }
  ++from_there;
  ++talks_in_all_;
  caller.counted = true;
  return true;
}

void ClassicServer::forget(const std::shared_ptr<Caller>& caller) {
  parts_.uploads.on_session_closed(caller->door.connection);
  if (caller->counted) {
    const auto from_there = talks_.find(caller->door.remote.address);
    if (--from_there->second == 0) talks_.erase(from_there);
    --talks_in_all_;
  }
  if (!caller->peer) return;
  std::erase(callers_, caller);
  parts_.neighbourhood.on_classic_closed(*caller->peer);
}

bool ClassicServer::can_do_better(const PeerId& peer) const {
  if (!defended(Defence::kNoDowngrade)) return false;
  if (parts_.has_proved(peer)) return true;
  const discovery::NearPeer* known = parts_.neighbourhood.table().find(peer);
  return known != nullptr && known->level == wire::Level::kPeer && known->proof == discovery::Proof::kSession;
}

void ClassicServer::answer(classic::Envelope envelope, const std::shared_ptr<Caller>& caller, const Respond& respond) {
  ClassicAnswer answer = answer_now(std::move(envelope), caller);
  if (!answer.chunk) return respond(std::move(answer));
  const Uploads::KeepRequest request{
      .connection = caller->door.connection, .content = answer.chunk->content, .bytes = answer.chunk->length};
  const auto serve = [respond, answer = std::move(answer)](std::uint64_t ticket) mutable {
    answer.chunk->ticket = ticket;
    respond(std::move(answer));
  };
  if (parts_.uploads.on_keep_request(request, serve)) return;
  respond(error(wire::ErrorCode::kBusy, "too many requests are waiting; ask again later"));
}

ClassicAnswer ClassicServer::answer_now(classic::Envelope envelope, const std::shared_ptr<Caller>& caller) {
  if (!count(*caller)) {
    ClassicAnswer refused = error(wire::ErrorCode::kBusy, "too many connections in plain text are open here");
    refused.close = true;
    return refused;
  }
  if (!parts_.enabled) {
    return error(wire::ErrorCode::kUpgradeRequired, "this peer speaks only the encrypted level of the protocol");
  }
  if (can_do_better(envelope.peer_id)) {
    return error(wire::ErrorCode::kUpgradeRequired,
                 "a peer of this id has shown that it can speak the encrypted level");
  }
  introduce(envelope.peer_id, caller);
  if (std::holds_alternative<classic::FileListRequest>(envelope.message)) return list();
  if (const auto* request = std::get_if<classic::ChunkRequest>(&envelope.message)) return chunk(*request);
  if (auto* pushed = std::get_if<classic::FileListResponse>(&envelope.message)) {
    parts_.browser.put_classic_files(envelope.peer_id, std::move(pushed->files));
  }
  if (const auto* unknown = std::get_if<classic::Unknown>(&envelope.message)) {
    return error(wire::ErrorCode::kUnsupported, "this peer does not know " + unknown->type);
  }
  return {.close = std::holds_alternative<classic::Goodbye>(envelope.message)};
}

ClassicAnswer ClassicServer::list() const {
  classic::FileListResponse response;
  for (const storage::ShareRecord* share : parts_.shared.visible_to({})) {
    storage::PageQuery query{.share = share->id, .after = std::nullopt, .limit = kListPageRecords};
    while (response.files.size() < wire::kClassicListFilesMax) {
      const auto page = parts_.shared.files().page_with_sha256(query);
      if (!page || page->empty()) break;
      for (const storage::FileRecord& record : *page) {
        response.files.push_back({.file_id = content::content_id_text(*record.content_id),
                                  .filename = record.path.empty() ? share->name : last_part(record.path),
                                  .size = record.size,
                                  .hash = record.sha256,
                                  .chunks_total = static_cast<std::uint32_t>(
                                      (record.size + wire::kClassicChunkBytes - 1) / wire::kClassicChunkBytes)});
      }
      query.after = page->back().path;
    }
  }
  response.files.resize(classic::files_that_fit(response.files));
  return {.message = std::move(response)};
}

ClassicAnswer ClassicServer::chunk(const classic::ChunkRequest& request) {
  const auto id = content::parse_content_id(request.file_id);
  auto holding = id ? parts_.shared.open(*id, {}) : std::nullopt;
  const std::uint64_t offset = std::uint64_t{request.chunk_index} * wire::kClassicChunkBytes;
  if (!holding || offset >= holding->size) {
    return error(wire::ErrorCode::kNotFound, "no such file, or no such chunk of it, is shared here");
  }
  const std::uint64_t length = std::min(wire::kClassicChunkBytes, holding->size - offset);
  return {.chunk = ClassicAnswer::Chunk{.file_id = request.file_id,
                                        .index = request.chunk_index,
                                        .offset = offset,
                                        .length = static_cast<std::uint32_t>(length),
                                        .reader = std::move(holding->reader),
                                        .content = *id}};
}

}  // namespace essaim::node
