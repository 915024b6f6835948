#include "api/web_gate.hpp"

#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace essaim::api {
namespace {

constexpr Instant kStart{Duration{1'000'000}};
constexpr std::string_view kToken = "the-token-of-the-home";

class Gate : public ::testing::Test {
 protected:
  static Caller own_page() {
    return {.host = "127.0.0.1:5080", .origin = "http://127.0.0.1:5080", .fetch_site = "same-origin"};
  }
  static Request request(Method method, const std::string& target) {
    Request request;
    request.method = method;
    request.target = *parse_target(target);
    return request;
  }
  // 200 where the gate lets it pass.
  static int status(const std::optional<Response>& refused) { return refused ? refused->status : 200; }
  int origin_status(const Caller& caller) { return status(gate.check_origin(caller)); }
  int right_status(const Caller& caller, Method method = Method::kGet, const std::string& target = "/api/v1/status") {
    return status(gate.check_right(caller, request(method, target), now));
  }
  Caller signed_in() {
    const auto login = gate.redeem(gate.make_ticket(now), now);
    Caller caller = own_page();
    if (!login) return caller;
    caller.cookies = login->cookie.substr(0, login->cookie.find(';'));
    caller.page_token = login->page_token;
    return caller;
  }

  int secrets = 0;
  WebGate gate{{.port = 5080, .home_token = std::string(kToken), .make_secret = [this] {
                  return fmt::format("secret-{}", ++secrets);
                }}};
  Instant now = kStart;
};

TEST_F(Gate, KnowsItsOwnNamesOnly) {
  for (const char* host : {"127.0.0.1:5080", "localhost:5080", "[::1]:5080"}) {
    EXPECT_EQ(origin_status({.host = host}), 200) << host;
  }
  const std::vector<std::string> names{"127.0.0.1",
                                       "localhost",
                                       "[::1]",
                                       "::1",
                                       "127.1",
                                       "127.0.0.1.nip.io",
                                       "127.evil.com",
                                       "127.0.0.2",
                                       "0.0.0.0",
                                       "LOCALHOST",
                                       "Localhost",
                                       "localhost.",
                                       "localhost.evil.com",
                                       "evil.com",
                                       "xn--lcalhost-5cb",
                                       "127.0.0.1.",
                                       "0x7f.0.0.1",
                                       "2130706433",
                                       "017700000001",
                                       "127.000.000.001",
                                       "[::ffff:127.0.0.1]",
                                       "[0:0:0:0:0:0:0:1]",
                                       "[::1%lo]",
                                       "localhost@evil.com",
                                       "evil.com@localhost",
                                       "user:localhost",
                                       " localhost",
                                       "localhost ",
                                       "localhost\t",
                                       "http://localhost",
                                       "//localhost",
                                       "localhost/",
                                       "localhost#",
                                       "localhost?x",
                                       "*",
                                       "",
                                       "-",
                                       "127.0.0.1,evil.com",
                                       "evil.com,127.0.0.1",
                                       "127.0.0.1;evil.com"};
  const std::vector<std::string> ports{"",     ":5081",  ":05080", ":5080 ", ":",     ":80",
                                       ":508", ":50800", ":+5080", ":5080.", ":5080,"};
  int refused = 0;
  for (const std::string& name : names) {
    for (const std::string& port : ports) {
      EXPECT_EQ(origin_status({.host = name + port}), 421) << name << port;
      ++refused;
    }
    const bool own = name == "127.0.0.1" || name == "localhost" || name == "[::1]";
    EXPECT_EQ(origin_status({.host = name + ":5080"}), own ? 200 : 421) << name;
  }
  EXPECT_GE(refused, 200);
}

TEST_F(Gate, MayBeNamedWithoutThePortOfHttp) {
  WebGate plain({.port = 80, .home_token = std::string(kToken), .make_secret = [] { return std::string("s"); }});
  EXPECT_FALSE(plain.check_origin({.host = "localhost"}));
  EXPECT_FALSE(plain.check_origin({.host = "localhost:80"}));
  EXPECT_TRUE(plain.check_origin({.host = "evil.com"}));
}

TEST_F(Gate, LetsNoOtherPageAsk) {
  Caller caller = own_page();
  for (const char* origin : {"http://evil.com", "null", "https://127.0.0.1:5080", "http://127.0.0.1:5081",
                             "http://127.0.0.1", "http://localhost:5080", "http://127.0.0.1:5080.evil.com",
                             "http://127.0.0.1:5080/", "HTTP://127.0.0.1:5080", "file://"}) {
    caller.origin = origin;
    EXPECT_EQ(origin_status(caller), 403) << origin;
  }
  caller.origin = "";
  EXPECT_EQ(origin_status(caller), 200);
  for (const char* site : {"cross-site", "same-site", "Same-Origin", "x"}) {
    caller.fetch_site = site;
    EXPECT_EQ(origin_status(caller), 403) << site;
  }
  for (const char* site : {"", "none", "same-origin"}) {
    caller.fetch_site = site;
    EXPECT_EQ(origin_status(caller), 200) << site;
  }
}

TEST_F(Gate, TakesJsonOnlyAsTheBodyOfAPost) {
  const auto body_status = [](Method method, std::string_view type) {
    Caller caller = own_page();
    caller.content_type = type;
    return status(WebGate::check_body(caller, request(method, "/api/v1/shares")));
  };
  for (const char* type : {"", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
                           "application/jsonp", "text/plain; application/json"}) {
    EXPECT_EQ(body_status(Method::kPost, type), 415) << type;
  }
  EXPECT_EQ(body_status(Method::kPost, "application/json"), 200);
  EXPECT_EQ(body_status(Method::kPost, "application/json; charset=utf-8"), 200);
  EXPECT_EQ(body_status(Method::kGet, ""), 200);
  EXPECT_EQ(body_status(Method::kPut, "image/png"), 200);
}

TEST_F(Gate, LetsAScriptInWithTheTokenOfTheHome) {
  Caller caller{.host = "127.0.0.1:5080"};
  EXPECT_EQ(right_status(caller), 401);
  for (const std::string& wrong : {std::string("Bearer "), "Bearer " + std::string(kToken) + "x", std::string(kToken),
                                   "Bearer " + std::string(kToken.substr(1)), "Basic " + std::string(kToken)}) {
    caller.authorization = wrong;
    EXPECT_EQ(right_status(caller), 401) << wrong;
  }
  caller.authorization = "Bearer " + std::string(kToken);
  EXPECT_EQ(right_status(caller), 200);
  EXPECT_EQ(right_status(caller, Method::kPost, "/api/v1/stop"), 200);
}

TEST_F(Gate, NeedsCookieAndPageToken) {
  const Caller caller = signed_in();
  EXPECT_EQ(right_status(caller), 200);
  EXPECT_EQ(right_status(caller, Method::kDelete, "/api/v1/shares/a"), 200);
  Caller without_token = caller;
  without_token.page_token.clear();
  EXPECT_EQ(right_status(without_token), 401);
  EXPECT_EQ(right_status(without_token, Method::kGet, "/api/v1/files/abc"), 200);
  EXPECT_EQ(right_status(without_token, Method::kHead, "/api/v1/files/abc"), 200);
  EXPECT_EQ(right_status(without_token, Method::kPost, "/api/v1/files/abc"), 401);
  EXPECT_EQ(right_status(without_token, Method::kGet, "/api/v1/events"), 401);
  Caller without_cookie = caller;
  without_cookie.cookies.clear();
  EXPECT_EQ(right_status(without_cookie), 401);
  Caller mixed = signed_in();
  mixed.page_token = caller.page_token;
  EXPECT_EQ(right_status(mixed), 401);
}

TEST_F(Gate, FindsItsCookieAmongOthers) {
  Caller caller = signed_in();
  const std::string own = caller.cookies;
  EXPECT_TRUE(own.starts_with("essaim_5080="));
  caller.cookies = "a=b; " + own + "; essaim_5081=other";
  EXPECT_EQ(right_status(caller), 200);
  for (const std::string& other : {"x" + own, own + "x", std::string("essaim_5080="), std::string("essaim_5080")}) {
    caller.cookies = other;
    EXPECT_EQ(right_status(caller), 401) << other;
  }
}

TEST_F(Gate, GivesACookieThatScriptsAndOtherSitesDoNotGet) {
  const auto login = gate.redeem(gate.make_ticket(now), now);
  ASSERT_TRUE(login);
  EXPECT_NE(login->cookie.find("; HttpOnly"), std::string::npos);
  EXPECT_NE(login->cookie.find("; SameSite=Strict"), std::string::npos);
  EXPECT_EQ(login->cookie.find(login->page_token), std::string::npos);
}

TEST_F(Gate, TakesATicketOnceAndInTime) {
  const std::string ticket = gate.make_ticket(now);
  EXPECT_FALSE(gate.redeem("", now));
  EXPECT_FALSE(gate.redeem(ticket + "x", now));
  EXPECT_TRUE(gate.redeem(ticket, now + kTicketLifetime - Duration{1}));
  EXPECT_FALSE(gate.redeem(ticket, now));
  const std::string late = gate.make_ticket(now);
  EXPECT_FALSE(gate.redeem(late, now + kTicketLifetime));
  EXPECT_FALSE(gate.redeem(late, now));
}

TEST_F(Gate, KeepsOnlySoManyTickets) {
  const std::string first = gate.make_ticket(now);
  const std::string second = gate.make_ticket(now);
  for (std::size_t i = 2; i < kTicketsMax; ++i) (void)gate.make_ticket(now);
  const std::string one_too_many = gate.make_ticket(now);
  EXPECT_FALSE(gate.redeem(first, now));
  EXPECT_TRUE(gate.redeem(second, now));
  EXPECT_TRUE(gate.redeem(one_too_many, now));
}

TEST_F(Gate, ForgetsTheLoginThatWasUsedLongestAgo) {
  const Caller first = signed_in();
  now += Duration{1};
  const Caller second = signed_in();
  now += Duration{1};
  EXPECT_EQ(right_status(first), 200);
  for (std::size_t i = 2; i < kLoginsMax; ++i) (void)signed_in();
  EXPECT_EQ(right_status(first), 200);
  EXPECT_EQ(right_status(second), 200);
  now += Duration{1};
  EXPECT_EQ(right_status(second), 200);
  (void)signed_in();
  EXPECT_EQ(right_status(second), 200);
}

TEST_F(Gate, EndsALoginThatNobodyUses) {
  const Caller caller = signed_in();
  now += kLoginLifetime - Duration{1};
  EXPECT_EQ(right_status(caller), 200);
  now += kLoginLifetime - Duration{1};
  EXPECT_EQ(right_status(caller), 200);
  now += kLoginLifetime;
  EXPECT_EQ(right_status(caller), 401);
}

}  // namespace
}  // namespace essaim::api
