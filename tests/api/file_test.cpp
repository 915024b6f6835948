// Contents, as the API gives them.
#include <gtest/gtest.h>

#include "api/file_head.hpp"
#include "api/limits.hpp"
#include "api/serving.hpp"
#include "base/text.hpp"
#include "support/memory_stream.hpp"
#include "support/temp_dir.hpp"

namespace essaim::api {
namespace {

using test::MemoryStream;

class Files : public test::Serving {
 protected:
  std::shared_ptr<MemoryStream> hold(std::string bytes) {
    auto stream = std::make_shared<MemoryStream>(io.get_executor(), std::move(bytes));
    node.content = stream;
    return stream;
  }
  [[nodiscard]] static std::string request(const std::string& fields, const std::string& method = "GET") {
    return method + " " + path() + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + fields + "\r\n";
  }
  [[nodiscard]] static std::string path() { return "/api/v1/files/" + id(); }
  [[nodiscard]] static std::string id() { return to_base32(test::example_id().view()); }
  [[nodiscard]] static std::string body_of(const std::string& response) {
    return response.substr(response.find("\r\n\r\n") + 4);
  }
  static void expect_field(const std::string& response, const std::string& field) {
    EXPECT_NE(response.find("\r\n" + field + "\r\n"), std::string::npos) << field << " in\n" << response.substr(0, 600);
  }
};

TEST_F(Files, AreGivenWithWhatIsKnownOfThem) {
  hold("0123456789");
  const std::string response = exchange(request(""));
  EXPECT_TRUE(response.starts_with("HTTP/1.1 200 OK\r\n")) << response;
  expect_field(response, "ETag: \"" + id() + "\"");
  expect_field(response, "Accept-Ranges: bytes");
  expect_field(response, "Content-Length: 10");
  expect_field(response, "Content-Type: video/mp4");
  EXPECT_EQ(body_of(response), "0123456789");
  EXPECT_EQ(node.asked, std::vector<std::string>{"read " + id()});
}

TEST_F(Files, GiveOneRange) {
  hold("0123456789");
  struct Case {
    std::string range;
    std::string status;
    std::string content_range;
    std::string body;
  };
  for (const Case& each :
       {Case{"0-8", "206", "bytes 0-8/10", "012345678"}, Case{"0-9", "206", "bytes 0-9/10", "0123456789"},
        Case{"0-10", "206", "bytes 0-9/10", "0123456789"}, Case{"9-", "206", "bytes 9-9/10", "9"},
        Case{"10-", "416", "bytes */10", ""}, Case{"-3", "206", "bytes 7-9/10", "789"}}) {
    const std::string response = exchange(request("Range: bytes=" + each.range + "\r\n"));
    EXPECT_TRUE(response.starts_with("HTTP/1.1 " + each.status)) << each.range << response;
    expect_field(response, "Content-Range: " + each.content_range);
    EXPECT_EQ(body_of(response), each.body) << each.range;
  }
  const std::string several = exchange(request("Range: bytes=0-1,3-4\r\n"));
  EXPECT_TRUE(several.starts_with("HTTP/1.1 200 ")) << several;
}

TEST_F(Files, AreNotSentAgainToWhoHasThem) {
  hold("0123456789");
  const std::string etag = "\"" + id() + "\"";
  for (const std::string& tags : {etag, "\"x\", W/" + etag, std::string("*")}) {
    const std::string response = exchange(request("If-None-Match: " + tags + "\r\n"));
    EXPECT_TRUE(response.starts_with("HTTP/1.1 304 ")) << response;
    EXPECT_EQ(body_of(response), "");
  }
  EXPECT_TRUE(exchange(request("If-None-Match: \"x\"\r\n")).starts_with("HTTP/1.1 200 "));
  const std::string range = "Range: bytes=1-2\r\nIf-Range: ";
  EXPECT_TRUE(exchange(request(range + etag + "\r\n")).starts_with("HTTP/1.1 206 "));
  EXPECT_TRUE(exchange(request(range + "\"x\"\r\n")).starts_with("HTTP/1.1 200 "));
}

TEST_F(Files, AnswerHeadWithoutABody) {
  const auto stream = hold("0123456789");
  const std::string response = exchange(request("", "HEAD"));
  expect_field(response, "Content-Length: 10");
  EXPECT_EQ(body_of(response), "");
  EXPECT_EQ(stream->bytes_read(), 0U);
  node.failure = node::Failure{node::FailureCode::kNotFound, "It is not here."};
  const std::string missing = exchange(request("", "HEAD"));
  EXPECT_TRUE(missing.starts_with("HTTP/1.1 404 ")) << missing;
  EXPECT_EQ(body_of(missing), "");
}

TEST_F(Files, SayWhatIsWrong) {
  EXPECT_TRUE(get("/api/v1/files/nonsense").starts_with("HTTP/1.1 400 "));
  node.failure = node::Failure{node::FailureCode::kNotFound, "It is not here."};
  EXPECT_TRUE(exchange(request("")).starts_with("HTTP/1.1 404 "));
  const std::string refused = exchange(request("Content-Length: 0\r\n", "POST"));
  EXPECT_TRUE(refused.starts_with("HTTP/1.1 405 ")) << refused;
  expect_field(refused, "Allow: GET, HEAD");
}

TEST_F(Files, ComeAsTheyArrive) {
  const std::string bytes = test::noise(3 * kPieceBytes + 7);
  const auto stream = hold(bytes);
  stream->let_come(100);
  std::string got;
  const auto take = [&](ByteView piece) -> boost::asio::awaitable<bool> {
    got += as_text(piece);
    // Each piece lets the next one come, so that it ends only if none waits for another.
    stream->let_come(std::min<std::uint64_t>(got.size() + 1000 + got.size(), bytes.size()));
    co_return true;
  };
  EXPECT_TRUE(client.read_file(test::example_id(), take));
  EXPECT_EQ(got, bytes);
}

TEST_F(Files, TakeSeveralRequestsOfOneConnection) {
  hold("0123456789");
  const std::string first = "GET " + path() + " HTTP/1.1\r\nHost: x\r\nRange: bytes=0-1\r\n\r\n";
  const std::string response = exchange(first + first + request("Range: bytes=4-5\r\n"));
  EXPECT_TRUE(response.ends_with("\r\n\r\n45")) << response;
  EXPECT_EQ(node.asked.size(), 3U);
}

TEST_F(Files, AreLetGoOfWhenTheClientLeaves) {
  std::weak_ptr<MemoryStream> stream = hold("0123456789");
  stream.lock()->let_come(5);
  const auto take = [](ByteView) -> boost::asio::awaitable<bool> { co_return false; };
  EXPECT_TRUE(client.read_file(test::example_id(), take));
  node.content = nullptr;
  EXPECT_FALSE(client.call({.target = "/api/v1/nothing"})) << "on another connection, the first is closed";
  run_until([&] { return stream.expired(); });
}

TEST_F(Files, EndEarlyWhenNoMoreComes) {
  const auto stream = hold("0123456789");
  stream->let_come(5);
  const auto take = [&](ByteView) -> boost::asio::awaitable<bool> {
    stream->fail();
    co_return true;
  };
  const auto done = client.read_file(test::example_id(), take);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, node::FailureCode::kFailed);
}

TEST_F(Files, AreReadNoFasterThanTheyAreTaken) {
  constexpr std::uint64_t kBytes = 64 * 1024 * 1024;
  const auto stream = hold(std::string(kBytes, 'x'));
  auto socket = connect();
  boost::asio::write(socket, boost::asio::buffer(request("")));
  std::uint64_t before = 1;
  while (stream->bytes_read() != before || before == 0) {
    before = stream->bytes_read();
    io.restart();
    io.run_for(std::chrono::milliseconds(20));
  }
  EXPECT_LT(stream->bytes_read(), kBytes / 8) << "what the sockets hold, and a piece";
  EXPECT_EQ(body_of(read_until_closed(socket)).size(), kBytes);
}

TEST(FileHead, GuessesTheTypeByTheName) {
  EXPECT_EQ(content_type_of("Talk.MP4"), "video/mp4");
  EXPECT_EQ(content_type_of("a.tar.gz"), "application/gzip");
  for (const char* name : {"", "talk", "x.html", "x.svg", "x.js", "x."}) {
    EXPECT_EQ(content_type_of(name), "application/octet-stream") << name;
  }
}

}  // namespace
}  // namespace essaim::api
