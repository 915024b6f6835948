// The HTTP server in front of a node.
#pragma once
#include <cstddef>
#include <memory>
#include <string>

#include "base/endpoint.hpp"
#include "base/log.hpp"
#include "node/facade.hpp"

namespace essaim::api {

// Speaks HTTP/1.1. All of it runs on the node's control thread, and every call is made there, the constructor's and the
// destructor's included. Node and log outlive the server, and what is left of its connections after stop(): destroy
// the node when its event loop has nothing left to do, or together with the loop.
//
// Two ways in lead to the same routes: a Unix socket that only its owner can open, and TCP on a loopback address, where
// a gate checks who asks (api/web_gate.hpp) and the page is served too.
inline constexpr int kPagePortsTried = 100;

class Server {
 public:
  Server(node::Facade& node, Log& log);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Serves on a Unix socket with mode 0600. A socket file that is already there is replaced: the lock of the home says
  // that its node is dead. Any other file there is kept, and is a failure.
  [[nodiscard]] node::Outcome<void> listen(const std::string& socket_path);

  struct PageDoor {
    Endpoint address;        // on a loopback address; port 0: any that is free
    bool or_next = false;    // where the port is taken: the next that is free, of kPagePortsTried
    std::string home_token;  // what a script brings
  };
  // Serves the page and the API over TCP; answers the page's address. Called once.
  [[nodiscard]] node::Outcome<std::string> listen(const PageDoor& door);

  // Accepts nothing more, ends every connection, and removes the socket file.
  void stop();

  [[nodiscard]] std::size_t connections() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace essaim::api
