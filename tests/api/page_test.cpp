// The page and the API over TCP, as a browser sees them.
#include <boost/asio/ip/tcp.hpp>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "api/limits.hpp"
#include "api/page_files.hpp"
#include "api/serving.hpp"
#include "support/example_views.hpp"

namespace essaim::api {
namespace {

using boost::asio::ip::tcp;

const Endpoint kAnyPort{IpAddress::v4(127, 0, 0, 1), 0};

class Page : public test::Serving {
 protected:
  void SetUp() override {
    Serving::SetUp();
    const auto address = server.listen({.address = kAnyPort, .home_token = "home-token"});
    ASSERT_TRUE(address) << address.error().message;
    port = static_cast<std::uint16_t>(std::stoi(address->substr(std::string_view("http://127.0.0.1:").size())));
  }
  // `fields`: lines of the header, each with its end.
  std::string ask(const std::string& line, const std::string& fields = {}, const std::string& body = {}) {
    std::string text = fmt::format("{} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n{}", line, port, fields);
    if (!body.empty()) text += fmt::format("Content-Length: {}\r\n", body.size());
    return exchange_over_tcp(text + "\r\n" + body);
  }
  std::string exchange_over_tcp(std::string_view bytes) {
    tcp::socket socket(io);
    socket.connect({boost::asio::ip::make_address("127.0.0.1"), port});
    boost::asio::async_write(socket, boost::asio::buffer(bytes), [](boost::system::error_code, std::size_t) {});
    std::string received;
    bool closed = false;
    boost::asio::async_read(socket, boost::asio::dynamic_buffer(received),
                            [&closed](boost::system::error_code, std::size_t) { closed = true; });
    run_until([&closed] { return closed; });
    return received;
  }
  std::string ticket() {
    const std::string text =
        exchange("POST /api/v1/web/ticket HTTP/1.1\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    const std::size_t at = text.find("#ticket=");
    return at == std::string::npos ? text : text.substr(at + 8, text.find('"', at) - at - 8);
  }
  std::string sign_in(const std::string& ticket) {
    return ask("POST /api/v1/web/session", "Content-Type: application/json\r\n" + own_origin(),
               R"({"ticket":")" + ticket + "\"}");
  }
  [[nodiscard]] std::string own_origin() const { return fmt::format("Origin: http://127.0.0.1:{}\r\n", port); }

  std::uint16_t port = 0;
};

TEST_F(Page, IsServedWithRulesThatLetNothingElseIn) {
  const std::string text = ask("GET /");
  EXPECT_TRUE(text.starts_with("HTTP/1.1 200 OK\r\n")) << text;
  for (const char* field :
       {"Content-Type: text/html; charset=utf-8\r\n", "Content-Encoding: gzip\r\n",
        "Content-Security-Policy: default-src 'none'; script-src 'self'", "frame-ancestors 'none'",
        "X-Content-Type-Options: nosniff\r\n", "Referrer-Policy: no-referrer\r\n",
        "Cross-Origin-Opener-Policy: same-origin\r\n", "Cross-Origin-Resource-Policy: same-origin\r\n"}) {
    EXPECT_NE(text.find(field), std::string::npos) << field;
  }
  EXPECT_EQ(text.find("unsafe"), std::string::npos);
}

TEST_F(Page, ConsistsOfFilesInOrder) {
  const auto files = page_files();
  EXPECT_TRUE(std::ranges::is_sorted(files, {}, &PageFile::path));
  EXPECT_NE(find_page_file("/"), nullptr);
  EXPECT_EQ(find_page_file("/"), find_page_file("/index.html?x=y"));
  for (const char* target : {"", "index.html", "/nothing", "//index.html", "/../index.html", "/index.html/"}) {
    EXPECT_EQ(find_page_file(target), nullptr) << target;
  }
}

TEST_F(Page, IsNotSentAgainToWhoHasIt) {
  const std::string tag(find_page_file("/")->etag);
  EXPECT_TRUE(ask("GET /", "If-None-Match: " + tag + "\r\n").starts_with("HTTP/1.1 304 "));
  const std::string head = ask("HEAD /");
  EXPECT_TRUE(head.starts_with("HTTP/1.1 200 ") && head.ends_with("\r\n\r\n")) << head;
}

TEST_F(Page, AsksNothingOfWhoComesUnderAnotherName) {
  for (const char* target :
       {"GET / HTTP/1.1\r\n", "GET /api/v1/status HTTP/1.1\r\n", "POST /api/v1/stop HTTP/1.1\r\n"}) {
    const std::string ends = "Connection: close\r\n\r\n";
    EXPECT_TRUE(
        exchange_over_tcp(fmt::format("{}Host: evil.com:{}\r\n{}", target, port, ends)).starts_with("HTTP/1.1 421 "));
    EXPECT_TRUE(exchange_over_tcp(target + ends).starts_with("HTTP/1.1 421 "));
    const std::string twice = fmt::format("{0}Host: 127.0.0.1:{1}\r\nHost: 127.0.0.1:{1}\r\n{2}", target, port, ends);
    EXPECT_TRUE(exchange_over_tcp(twice).starts_with("HTTP/1.1 4")) << twice;
  }
  EXPECT_TRUE(node.asked.empty());
}

// What a foreign page can make a browser send, with the cookie and without: a form, a picture, a script's request.
TEST_F(Page, ChangesNothingForAForeignPage) {
  const std::string login = sign_in(ticket());
  const std::size_t at = login.find("Set-Cookie: ") + 12;
  const std::string cookie = "Cookie: " + login.substr(at, login.find(';', at) - at) + "\r\n";
  for (const std::string& from :
       {std::string("Origin: http://evil.com\r\n"), std::string("Origin: null\r\n"),
        std::string("Sec-Fetch-Site: cross-site\r\n"), std::string("Sec-Fetch-Site: same-site\r\n")}) {
    for (const char* line :
         {"POST /api/v1/stop", "POST /api/v1/shares", "DELETE /api/v1/shares/a", "GET /api/v1/status",
          "GET /api/v1/events", "GET /api/v1/files/abc", "POST /api/v1/web/session", "GET /"}) {
      EXPECT_TRUE(ask(line, from).starts_with("HTTP/1.1 403 ")) << line << from;
      EXPECT_TRUE(ask(line, from + cookie + "Content-Type: application/json\r\n").starts_with("HTTP/1.1 403 "))
          << line << from;
    }
  }
  for (const char* type : {"text/plain", "application/x-www-form-urlencoded", "multipart/form-data"}) {
    EXPECT_TRUE(ask("POST /api/v1/stop", cookie + "Content-Type: " + type + "\r\n").starts_with("HTTP/1.1 415 "));
  }
  EXPECT_TRUE(ask("POST /api/v1/stop", cookie + "Content-Type: application/json\r\n").starts_with("HTTP/1.1 401 "));
  EXPECT_TRUE(node.asked.empty()) << node.asked.front();
}

TEST_F(Page, LetsABrowserInWithATicket) {
  const std::string once = ticket();
  const std::string login = sign_in(once);
  EXPECT_TRUE(login.starts_with("HTTP/1.1 200 ")) << login;
  const std::size_t at = login.find("Set-Cookie: ") + 12;
  const std::size_t token_at = login.find(R"({"token":")") + 10;
  const std::string fields = "Cookie: " + login.substr(at, login.find(';', at) - at) +
                             "\r\nX-Essaim-Token: " + login.substr(token_at, login.find('"', token_at) - token_at) +
                             "\r\n" + own_origin();
  EXPECT_TRUE(ask("GET /api/v1/status", fields).starts_with("HTTP/1.1 200 "));
  EXPECT_TRUE(ask("POST /api/v1/transfers/t1/pause", fields + "Content-Type: application/json\r\n", "{}")
                  .starts_with("HTTP/1.1 200 "));
  EXPECT_EQ(node.asked, std::vector<std::string>{"pause t1"});
  EXPECT_TRUE(sign_in(once).starts_with("HTTP/1.1 401 "));
}

TEST_F(Page, GivesTicketsToTheOwnersSocketOnly) {
  const std::string fields = "Authorization: Bearer home-token\r\nContent-Type: application/json\r\n";
  EXPECT_TRUE(ask("POST /api/v1/web/ticket", fields, "{}").starts_with("HTTP/1.1 403 "));
  EXPECT_TRUE(exchange("POST /api/v1/web/session HTTP/1.1\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
                  .starts_with("HTTP/1.1 403 "));
  EXPECT_TRUE(ask("GET /metrics").starts_with("HTTP/1.1 401 "));
  EXPECT_TRUE(ask("GET /metrics", fields).starts_with("HTTP/1.1 200 "));
}

TEST_F(Page, TakesFilesAsTheyComeAndKeepsLittleOfThemInMemory) {
  const std::string right = "Authorization: Bearer home-token\r\n";
  const std::string content(3 * kPieceBytes + 5, 'x');
  EXPECT_TRUE(
      ask("POST /api/v1/uploads", right + "Content-Type: application/json\r\n", "{}").ends_with(R"({"id":"7"})"));
  EXPECT_TRUE(ask("PUT /api/v1/uploads/7?path=a%2Fb.txt", right, content).starts_with("HTTP/1.1 200 "));
  EXPECT_EQ(node.incoming->bytes, content);
  EXPECT_LE(node.incoming->largest_piece, kPieceBytes);
  EXPECT_EQ(node.incoming->finished, 1);
  EXPECT_TRUE(ask("PUT /api/v1/uploads/7?path=empty", right + "Content-Length: 0\r\n").starts_with("HTTP/1.1 200 "));
  EXPECT_EQ(node.incoming->finished, 2);
  EXPECT_TRUE(ask("POST /api/v1/uploads/7/share", right + "Content-Type: application/json\r\n", "{}")
                  .starts_with("HTTP/1.1 200 "));
  EXPECT_TRUE(ask("DELETE /api/v1/uploads/7", right).starts_with("HTTP/1.1 200 "));
  EXPECT_EQ(node.asked, (std::vector<std::string>{"begin drop", "add a/b.txt to 7, " + std::to_string(content.size()),
                                                  "add empty to 7, 0", "share drop 7 for everyone", "discard drop 7"}));
  EXPECT_TRUE(ask("PUT /api/v1/uploads/7?path=x", {}, "x").starts_with("HTTP/1.1 401 "));
}

TEST_F(Page, ForgetsAFileThatBreaksOff) {
  const std::string header = fmt::format(
      "PUT /api/v1/uploads/7?path=a HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nAuthorization: Bearer home-token\r\n", port);
  {
    tcp::socket socket(io);
    socket.connect({boost::asio::ip::make_address("127.0.0.1"), port});
    boost::asio::write(socket, boost::asio::buffer(header + "Content-Length: 10\r\n\r\nfive"));
    run_until([this] { return !node.asked.empty(); });
  }
  run_until([this] { return server.connections() == 0; });
  EXPECT_EQ(node.incoming->finished, 0);
  node.incoming->failure = node::Failure{node::FailureCode::kFailed, "The disk is full."};
  const std::string text = ask("PUT /api/v1/uploads/7?path=b", "Authorization: Bearer home-token\r\n", "x");
  EXPECT_TRUE(text.starts_with("HTTP/1.1 500 ")) << text;
  EXPECT_NE(text.find("Connection: close"), std::string::npos);
}

TEST_F(Page, AsksAClientThatWaitsToGoOn) {
  const std::string text =
      ask("PUT /api/v1/uploads/7?path=a", "Authorization: Bearer home-token\r\nExpect: 100-continue\r\n", "abc");
  EXPECT_TRUE(text.starts_with("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 ")) << text;
}

TEST_F(Page, TakesTheNextPortWhereItsOwnIsTaken) {
  Server other(node, log);
  const Endpoint taken{IpAddress::v4(127, 0, 0, 1), port};
  const auto refused = other.listen({.address = taken, .home_token = "t"});
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("--web"), std::string::npos);
  Server next(node, log);
  const auto address = next.listen({.address = taken, .or_next = true, .home_token = "t"});
  ASSERT_TRUE(address) << address.error().message;
  EXPECT_NE(*address, fmt::format("http://127.0.0.1:{}/", port));
}

TEST_F(Page, IsForThisMachineOnly) {
  Server other(node, log);
  EXPECT_FALSE(other.listen({.address = {IpAddress::v4(0, 0, 0, 0), 0}, .home_token = "t"}));
  EXPECT_FALSE(other.listen({.address = {IpAddress::v4(192, 168, 1, 2), 0}, .home_token = "t"}));
}

TEST(NoPage, HasNoTickets) {
  boost::asio::io_context io;
  class Bare : public test::Serving {
   public:
    using Serving::exchange;
    using Serving::SetUp;
    void TestBody() override {}
  } bare;
  bare.SetUp();
  EXPECT_TRUE(bare.exchange("POST /api/v1/web/ticket HTTP/1.1\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
                  .starts_with("HTTP/1.1 404 "));
}

}  // namespace
}  // namespace essaim::api
