// Everything that can be asked of a running node. The API serves it, the command line asks it through the API, and a
// program that embeds a node calls it directly.
#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include "access/audience.hpp"
#include "node/content_stream.hpp"
#include "node/events.hpp"
#include "node/incoming_file.hpp"
#include "node/people_views.hpp"
#include "node/views.hpp"

namespace essaim::node {

template <class T>
using Answer = boost::asio::awaitable<Outcome<T>>;

struct ShareRequest {
  std::string path;                     // absolute
  std::optional<std::string> name;      // else the last part of the path
  std::optional<std::string> audience;  // else everyone, or what it is where it is shared already
};

struct ListRequest {
  std::string peer;  // a name, an id, or the beginning of an id that fits one peer
  std::string path;  // "" for its shares
  std::optional<std::string> cursor;
};

struct SearchRequest {
  std::string words;
  std::chrono::milliseconds wait{1500};  // how long to wait for slow peers
};

enum class Purpose {
  kKeep,  // to have it under its name
  kRead,  // one file, to be read while it comes: gone for good soon after nobody reads it any more
};

struct GetRequest {
  std::string target;                    // a link, PEER/PATH, or a name that is unique nearby
  std::optional<std::string> dest;       // absolute; a folder that exists (into it), or the path of the result
  std::chrono::milliseconds wait{3000};  // how long to wait for somebody who has it to appear
  enum class Turn { kLast, kFirst } turn = Turn::kLast;
  std::optional<std::uint64_t> bytes_per_second{};  // its own limit
  Purpose purpose = Purpose::kKeep;
};

// Before its id it makes a peer's name in a QR code; wherever a peer is named, it may stand.
inline constexpr std::string_view kPeerScheme = "essaim-peer:";

struct SendRequest {
  std::vector<std::string> paths;  // absolute
  std::vector<std::string> peers;  // names or ids
};

struct AcceptRequest {
  std::string offer;
  std::optional<std::string> dest;  // absolute; a folder that exists
};

// One file of what is handed in under `id`.
struct DropFileRequest {
  std::string id;
  std::string path;        // "talk.mp4", or "Photos/2024/sea.jpg" of a folder
  std::uint64_t size = 0;  // bytes, as far as it is known
};

// All calls are made on the control thread (`executor()`), and so are their answers given.
class Facade {
 public:
  Facade() = default;
  Facade(const Facade&) = delete;
  Facade& operator=(const Facade&) = delete;
  virtual ~Facade() = default;

  [[nodiscard]] virtual boost::asio::any_io_executor executor() = 0;
  [[nodiscard]] virtual EventLog& events() = 0;

  [[nodiscard]] virtual StatusView status() const = 0;
  [[nodiscard]] virtual std::vector<PeerView> peers() const = 0;
  [[nodiscard]] virtual std::vector<ShareView> shares() const = 0;
  [[nodiscard]] virtual std::vector<TransferView> transfers() const = 0;
  [[nodiscard]] virtual std::optional<TransferView> transfer(const std::string& id) const = 0;
  [[nodiscard]] virtual std::optional<TransferMapView> transfer_map(const std::string& id) const = 0;
  // The numbers for /metrics: name and value, sorted by name.
  [[nodiscard]] virtual std::vector<std::pair<std::string, std::uint64_t>> metrics() const = 0;

  // Shares a file or folder. Answers as soon as it can be browsed; its id follows when it is hashed (ShareChanged).
  // Sharing again what is shared answers the share that there is, with the audience of the request if it has one.
  [[nodiscard]] virtual Answer<ShareView> share(ShareRequest request) = 0;
  // `name_or_path`: the share's name, or the absolute path that is shared.
  [[nodiscard]] virtual Answer<ShareView> unshare(std::string name_or_path) = 0;

  // Hands in a file or a folder of files, to be shared from the download folder: begin, the files, and share or
  // discard.
  [[nodiscard]] virtual Answer<std::string> begin_drop() = 0;
  [[nodiscard]] virtual Answer<std::shared_ptr<IncomingFile>> add_to_drop(DropFileRequest request) = 0;
  [[nodiscard]] virtual Answer<ShareView> share_drop(std::string id, std::string audience) = 0;
  [[nodiscard]] virtual Answer<void> discard_drop(std::string id) = 0;

  [[nodiscard]] virtual Answer<EntryPage> list(ListRequest request) = 0;
  [[nodiscard]] virtual Answer<std::vector<EntryView>> search(SearchRequest request) = 0;

  // Begins a download, or goes on with the one of the same content and destination. Answers when it is known what
  // will be fetched; TransferChanged tells the rest.
  [[nodiscard]] virtual Answer<TransferView> get(GetRequest request) = 0;
  [[nodiscard]] virtual Answer<TransferView> pause(std::string transfer_id) = 0;
  // Behind those that wait for their turn; put_first: before them, in the place of one that runs if need be.
  [[nodiscard]] virtual Answer<TransferView> resume(std::string transfer_id) = 0;
  [[nodiscard]] virtual Answer<TransferView> put_first(std::string transfer_id) = 0;
  [[nodiscard]] virtual Answer<TransferView> cancel(std::string transfer_id) = 0;
  // The transfer's own limit, besides the node's; nothing: none.
  [[nodiscard]] virtual Answer<TransferView> set_limit(std::string transfer_id,
                                                       std::optional<std::uint64_t> bytes_per_second) = 0;

  // The bytes of a file that is shared here, was downloaded, or is being fetched, in order.
  [[nodiscard]] virtual Answer<std::shared_ptr<ContentStream>> read(ContentId id) = 0;

  // `peer`, here and below: a name, an id, or the beginning of an id that fits one peer, near or known.
  [[nodiscard]] virtual Answer<PeerView> set_trust(std::string peer, access::Trust trust) = 0;
  // As if it had never been met; where it is near, it is a stranger from then on.
  [[nodiscard]] virtual Answer<PeerView> forget(std::string peer) = 0;

  // Begins a pairing, or joins the one that the other side has begun. Answers when the digits are known.
  [[nodiscard]] virtual Answer<PairingView> pair(std::string peer) = 0;
  // The digits are the same on both sides; or not.
  [[nodiscard]] virtual Answer<PairingView> confirm_pairing(std::string peer) = 0;
  [[nodiscard]] virtual Answer<PairingView> reject_pairing(std::string peer) = 0;
  // Those under way, and those that ended a short while ago.
  [[nodiscard]] virtual std::vector<PairingView> pairings() const = 0;

  // Offers files and folders to peers. Who is not near now is asked when it is.
  [[nodiscard]] virtual Answer<OfferView> send(SendRequest request) = 0;
  [[nodiscard]] virtual std::vector<OfferView> offers() const = 0;
  [[nodiscard]] virtual Answer<OfferView> accept(AcceptRequest request) = 0;
  [[nodiscard]] virtual Answer<OfferView> decline(std::string offer_id) = 0;
  // Takes an offer of ours back; what was fetched of it stays where it is.
  [[nodiscard]] virtual Answer<OfferView> withdraw(std::string offer_id) = 0;

  [[nodiscard]] virtual Answer<std::vector<DoctorLine>> doctor() = 0;

  // Begins a clean stop; the node's owner sees it end.
  virtual void request_stop() = 0;
};

}  // namespace essaim::node
