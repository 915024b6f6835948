// A whole node: shares files and folders, and fetches them from all peers that have them, encrypted and verified.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "essaim/result.hpp"

namespace essaim {

struct NodeOptions {
  std::string home;                     // a folder of this node's own, for its identity and catalogue; made if missing
  std::string dest;                     // where downloads go unless told otherwise; empty: the user's download folder
  std::string name;                     // what people call this peer; empty: the machine's host name
  std::optional<std::uint16_t> port;    // TCP, exactly this one, 0 for any; else the first free one from 5001 on
  std::uint16_t discovery_port = 5000;  // UDP, the same at every peer
  std::vector<std::string> interfaces;  // names; empty: all
};

struct Peer {
  std::string peer_id;
  std::string name;
  std::vector<std::string> addresses;  // IP:PORT, the best first
  bool online = false;
};

struct Progress {
  std::uint64_t bytes_done = 0;
  std::uint64_t bytes_total = 0;
};

struct GetOptions {
  std::string dest;  // a folder that exists, or the path of the result; empty: the node's
  // Runs on the node's thread, at most ten times a second.
  std::function<void(const Progress& progress)> on_progress;
};

// The same node as the program `essaim` runs, without its socket for commands. Paths may be relative to the current
// folder.
//
// The calls may come from any thread and block until they are answered; stop() lets those that wait fail. None of them
// may be made from a callback.
class Node {
 public:
  explicit Node(NodeOptions options);
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;
  ~Node();

  Result<> start();
  // Takes leave of the peers, at most three seconds. What was being fetched can be gone on with by get(). It can be
  // started again.
  void stop();

  // Its link, when all of it is hashed. It stays shared, after a restart too.
  Result<std::string> share(const std::string& path);

  // `target`: a link, PEER/PATH, or a name that is unique nearby. Answers the path of the result when all of it is
  // there and verified; goes on where an earlier try ended.
  Result<std::string> get(const std::string& target, const GetOptions& options = {});

  // All that are known; none while it is stopped.
  [[nodiscard]] std::vector<Peer> peers() const;
  // Who this node is, and where; empty and 0 while it is stopped.
  [[nodiscard]] std::string peer_id() const;
  [[nodiscard]] std::uint16_t port() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace essaim
