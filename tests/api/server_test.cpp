#include "api/server.hpp"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "api/limits.hpp"
#include "api/serving.hpp"
#include "support/example_views.hpp"

namespace essaim::api {
namespace {

namespace fs = std::filesystem;

class HttpServer : public test::Serving {};

TEST_F(HttpServer, LetsOnlyItsOwnerConnect) {
  EXPECT_EQ(fs::status(socket_path).permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(HttpServer, RemovesItsSocketWhenItStops) {
  server.stop();
  EXPECT_FALSE(fs::exists(fs::symlink_status(socket_path)));
  EXPECT_FALSE(client.reachable());
}

TEST_F(HttpServer, AnswersSeveralRequestsOfOneConnection) {
  const std::string text = exchange(
      "GET /api/v1/peers HTTP/1.1\r\nHost: x\r\n\r\n"
      "GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n"
      "GET /api/v1/shares HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(text.starts_with("HTTP/1.1 200 OK\r\n")) << text;
  EXPECT_NE(text.find("HTTP/1.1 404 Not Found\r\n"), std::string::npos);
  EXPECT_TRUE(text.ends_with("[]")) << text;
}

TEST_F(HttpServer, NamesTheMethodsThatAPathTakes) {
  const std::string text = exchange("PUT /api/v1/shares HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(text.starts_with("HTTP/1.1 405 ")) << text;
  EXPECT_NE(text.find("Allow: GET, POST\r\n"), std::string::npos) << text;
  EXPECT_TRUE(exchange("POST /api/v1/events HTTP/1.1\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
                  .starts_with("HTTP/1.1 405 "));
}

TEST_F(HttpServer, SaysWhatIsWrongWithARequest) {
  EXPECT_TRUE(exchange("nonsense\r\n\r\n").starts_with("HTTP/1.1 400 "));
  EXPECT_TRUE(get("/api/v1/%zz").starts_with("HTTP/1.1 400 "));
  const std::string text = get("/api/v1/%zz");
  EXPECT_NE(text.find(R"({"error":{"code":"usage","message":")"), std::string::npos) << text;
}

std::string request_with_header_of(std::size_t bytes) {
  const std::string start = "GET /api/v1/status HTTP/1.1\r\nConnection: close\r\nX: ";
  const std::string end = "\r\n\r\n";
  return start + std::string(bytes - start.size() - end.size(), 'x') + end;
}

TEST_F(HttpServer, LimitsTheHeader) {
  EXPECT_TRUE(exchange(request_with_header_of(kHeaderBytesMax - 1)).starts_with("HTTP/1.1 200 "));
  EXPECT_TRUE(exchange(request_with_header_of(kHeaderBytesMax)).starts_with("HTTP/1.1 200 "));
  EXPECT_TRUE(exchange(request_with_header_of(kHeaderBytesMax + 1)).starts_with("HTTP/1.1 431 "));
}

std::string request_with_body_of(std::size_t bytes) {
  const std::string start = R"({"path":"/a","x":")";
  const std::string end = R"("})";
  const std::string body = start + std::string(bytes - start.size() - end.size(), 'x') + end;
  return "POST /api/v1/shares HTTP/1.1\r\nConnection: close\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + body;
}

TEST_F(HttpServer, LimitsTheBody) {
  EXPECT_TRUE(exchange(request_with_body_of(kBodyBytesMax - 1)).starts_with("HTTP/1.1 200 "));
  EXPECT_TRUE(exchange(request_with_body_of(kBodyBytesMax)).starts_with("HTTP/1.1 200 "));
  EXPECT_TRUE(exchange(request_with_body_of(kBodyBytesMax + 1)).starts_with("HTTP/1.1 413 "));
}

TEST_F(HttpServer, TurnsAwayWhoComesWhenAllPlacesAreTaken) {
  std::vector<boost::asio::local::stream_protocol::socket> sockets;
  while (sockets.size() < kConnectionsMax) sockets.push_back(connect());
  run_until([this] { return server.connections() == kConnectionsMax; });
  auto one_too_many = connect();
  EXPECT_TRUE(read_until_closed(one_too_many).starts_with("HTTP/1.1 503 "));
  sockets.pop_back();
  run_until([this] { return server.connections() < kConnectionsMax; });
  EXPECT_TRUE(get("/api/v1/peers").starts_with("HTTP/1.1 200 "));
}

TEST_F(HttpServer, EndsItsConnectionsWhenItStops) {
  auto idle = connect();
  run_until([this] { return server.connections() == 1; });
  server.stop();
  EXPECT_EQ(read_until_closed(idle), "");
  run_until([this] { return server.connections() == 0; });
}

TEST(HttpServerSocket, ReplacesTheSocketOfADeadNodeButNoOtherFile) {
  const test::TempDir folder;
  boost::asio::io_context io;
  test::FakeFacade node(io);
  NullLog log;
  const fs::path stale = folder.path() / "stale.sock";
  {
    boost::asio::local::stream_protocol::acceptor dead(io, stale.string());
  }
  ASSERT_TRUE(fs::is_socket(stale));
  Server server(node, log);
  EXPECT_TRUE(server.listen(stale.string()));

  const fs::path precious = folder.path() / "precious";
  std::ofstream(precious) << "text";
  Server refused(node, log);
  const auto listening = refused.listen(precious.string());
  ASSERT_FALSE(listening);
  EXPECT_NE(listening.error().message.find("something else is there"), std::string::npos);
  EXPECT_EQ(fs::file_size(precious), 4U);
}

TEST(HttpServerSocket, SaysThatAPathIsTooLong) {
  const test::TempDir folder;
  boost::asio::io_context io;
  test::FakeFacade node(io);
  NullLog log;
  const std::string start = folder.path().string() + "/";
  Server server(node, log);
  const auto refused = server.listen(start + std::string(kSocketPathBytesMax + 1 - start.size(), 'x'));
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("shorter path"), std::string::npos);
  EXPECT_TRUE(server.listen(start + std::string(kSocketPathBytesMax - start.size(), 'x')));
}

}  // namespace
}  // namespace essaim::api
