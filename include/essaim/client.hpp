// A connection to a peer's server.
#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "essaim/message.hpp"
#include "essaim/result.hpp"

namespace essaim {

// One thread may send while another receives, and any may close() meanwhile, which ends what they do.
class Client {
 public:
  Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  ~Client();

  // `ip`: an IPv4 or IPv6 address, no host name. An earlier connection is closed. Nobody may send or receive meanwhile.
  Result<> connect(const std::string& ip, std::uint16_t port,
                   std::chrono::milliseconds timeout = std::chrono::seconds(10));

  // Answers when the system has taken the message, of at most 8 MiB. A peer that takes less than 16 KiB a second for
  // ten seconds is disconnected. Servers usually want no more than 8 KiB of a connection's first message.
  Result<> send(const Message& message);

  // The next message, of at most 8 MiB; nothing where none is complete in time, and at once after the connection has
  // ended: connected() tells the two apart. What has arrived of a message by then is kept for the next call.
  [[nodiscard]] std::optional<Message> receive(std::chrono::milliseconds timeout);

  // Whether the connection has neither been closed nor been seen to end.
  [[nodiscard]] bool connected() const;
  void close();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace essaim
