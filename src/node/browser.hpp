// Looks at what others share: lists, searches, and who holds a content.
#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include "node/acquaintances.hpp"
#include "node/classic_client.hpp"
#include "node/facade.hpp"
#include "node/neighbourhood.hpp"
#include "node/sessions.hpp"

namespace essaim::node {

inline constexpr std::chrono::seconds kAnswerTimeMax{10};
// How long somebody who is named is waited for, when nobody of that name is near yet.
inline constexpr std::chrono::milliseconds kPeerWaitMax{2500};
inline constexpr std::chrono::milliseconds kLookAgainInterval{50};

// Belongs to the control thread.
class Browser {
 public:
  struct Parts {
    boost::asio::any_io_executor control;
    Sessions& sessions;
    Neighbourhood& neighbourhood;
    const Acquaintances& acquaintances;
    ClassicClient& classic;
  };
  explicit Browser(Parts parts) : parts_(std::move(parts)) {}

  [[nodiscard]] Answer<EntryPage> list(ListRequest request);
  [[nodiscard]] Answer<std::vector<EntryView>> search(SearchRequest request);

  // The peer of this name, id, or beginning of an id; waited for up to `wait`. kRefused where the name is another's
  // (node/acquaintances.hpp).
  [[nodiscard]] Answer<discovery::NearPeer> find_peer(std::string text, std::chrono::milliseconds wait);
  // What is shared nearby under exactly this name: shares first, and files inside shares only where no share has it.
  [[nodiscard]] boost::asio::awaitable<std::vector<EntryView>> find_name(std::string name);
  // The entry at this path of the peer; kNotFound if there is none.
  [[nodiscard]] Answer<EntryView> find_path(discovery::NearPeer peer, std::string path);

  [[nodiscard]] boost::asio::awaitable<Expected<SessionId, transport::NetError>> session_with(PeerId peer);
  // Sessions with all level-1 peers that say they hold the content whole.
  [[nodiscard]] boost::asio::awaitable<std::vector<SessionId>> holders_of(ContentId id);
  // What a holder says of the content's size; a claim, as long as nothing of it is checked.
  [[nodiscard]] boost::asio::awaitable<std::optional<std::uint64_t>> claimed_size(ContentId id, SessionId holder);

  // A classic peer's files as last listed by find_path(), search() or list().
  [[nodiscard]] const std::vector<wire::classic::File>* classic_files(const PeerId& peer) const;
  // Classic peers near that list a file of this size and SHA-256, in chunks that fit (ClassicFeed). They are asked for
  // their lists where those are not known.
  [[nodiscard]] boost::asio::awaitable<std::vector<ClassicSource>> classic_holders(std::uint64_t size, Sha256 hash);
  void put_classic_files(const PeerId& peer, std::vector<wire::classic::File> files);
  // The peer is not known any more; what it listed goes with it.
  void forget(const PeerId& peer);
  // Where to try the peer first.
  [[nodiscard]] std::optional<Endpoint> address_of(const PeerId& peer) const;
  // For people; also of a peer that has gone.
  // Calls `meet` with a session to every peer near that has level 1, each as soon as there is one; answers when all
  // have been met, or after a while.
  [[nodiscard]] boost::asio::awaitable<void> meet_everyone(std::function<void(SessionId)> meet);
  [[nodiscard]] std::string name_of_peer(const PeerId& peer) const;
  // How many shares the peer showed when it was last listed.
  [[nodiscard]] std::optional<std::uint64_t> shares_seen(const PeerId& peer) const;

 private:
  using Entries = std::shared_ptr<std::vector<EntryView>>;
  [[nodiscard]] Answer<EntryPage> list_peer(discovery::NearPeer peer, std::string path,
                                            std::optional<std::string> cursor);
  [[nodiscard]] Answer<EntryPage> list_classic(discovery::NearPeer peer);
  [[nodiscard]] boost::asio::awaitable<void> search_peer(discovery::NearPeer peer, std::string words, Entries into);
  [[nodiscard]] boost::asio::awaitable<void> list_into(discovery::NearPeer peer, Entries into);
  [[nodiscard]] boost::asio::awaitable<void> find_into(PeerId peer, ContentId id,
                                                       std::shared_ptr<std::vector<SessionId>> into);
  void drop_long_lists();
  [[nodiscard]] std::vector<discovery::NearPeer> online_peers() const;
  [[nodiscard]] boost::asio::awaitable<void> pause(std::chrono::milliseconds time);

  Parts parts_;
  std::map<PeerId, std::vector<wire::classic::File>> classic_files_;
  std::map<PeerId, std::uint64_t> shares_seen_;
};

// The parts of a name for people: "alice" for a peer with a name, else the beginning of its id.
[[nodiscard]] std::string name_of(const discovery::NearPeer& peer);

}  // namespace essaim::node
