// A fake node behind a real server on a real socket, all on one event loop that runs while a test waits.
#pragma once
#include <string>
#include <string_view>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <gtest/gtest.h>

#include "api/client.hpp"
#include "api/server.hpp"
#include "base/log.hpp"
#include "support/fake_facade.hpp"
#include "support/temp_dir.hpp"

namespace essaim::test {

class Serving : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(server.listen(socket_path)); }

  // A connection that says exactly what a test wants to be said.
  boost::asio::local::stream_protocol::socket connect() {
    boost::asio::local::stream_protocol::socket socket(io);
    socket.connect(boost::asio::local::stream_protocol::endpoint(socket_path));
    return socket;
  }
  // Sends `bytes` and reads until the server closes.
  std::string exchange(std::string_view bytes) {
    auto socket = connect();
    boost::asio::async_write(socket, boost::asio::buffer(bytes), [](boost::system::error_code, std::size_t) {});
    return read_until_closed(socket);
  }
  std::string read_until_closed(boost::asio::local::stream_protocol::socket& socket) {
    std::string received;
    bool closed = false;
    boost::asio::async_read(socket, boost::asio::dynamic_buffer(received),
                            [&closed](boost::system::error_code, std::size_t) { closed = true; });
    run_until([&closed] { return closed; });
    return received;
  }
  std::string get(std::string_view target) {
    return exchange("GET " + std::string(target) + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  }
  template <class Done>
  void run_until(Done done) {
    while (!done()) {
      if (io.stopped()) io.restart();
      io.run_one();
    }
  }

  boost::asio::io_context io;
  TempDir folder;
  std::string socket_path = (folder.path() / "node.sock").string();
  NullLog log;
  FakeFacade node{io};
  api::Server server{node, log};
  api::Client client{io, socket_path};
};

}  // namespace essaim::test
