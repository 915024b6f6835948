// Takes connections of many peers and exchanges messages with them.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "essaim/message.hpp"
#include "essaim/result.hpp"

namespace essaim {

// What a peer sends is read under limits: 8 KiB and 30 seconds for the first message of a connection, 8 MiB for those
// that follow, which must arrive with 16 KiB a second once they have begun. Whoever breaks one is told so with an ERROR
// message where that makes sense, and disconnected. A message without a type or a peer id is ignored.
//
// A peer id belongs to the connection that used it last; a connection has the id of its last message.
//
// The callback runs on a thread of this object, and never after stop() has returned; while it runs, this server does
// nothing else. It must neither start nor destroy the object; all else is allowed there. send_to_peer() may be called
// from any thread at any time; start() and stop() from one thread at a time.
class Server {
 public:
  using OnMessage = std::function<void(const std::string& peer_id, const Message& message)>;

  // TCP, on all addresses; 0: any free one.
  explicit Server(std::uint16_t port = 5001);
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server();

  Result<> start(OnMessage on_message);
  // Ends all connections. It can be started again.
  void stop();

  // False where no such peer is connected, where the message is none (see Message) or above 8 MiB, and where the peer
  // takes so little that 16 MiB wait for it already. True means on its way, not arrived.
  bool send_to_peer(const std::string& peer_id, const Message& message);

  // The one in use; 0 while it is stopped.
  [[nodiscard]] std::uint16_t port() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace essaim
