#include "api/routes.hpp"

#include <gtest/gtest.h>

#include "api/json_text.hpp"
#include "api/limits.hpp"
#include "api/request_body.hpp"
#include "api/serving.hpp"
#include "api/views_json.hpp"
#include "support/example_views.hpp"

namespace essaim::api {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

class Routes : public test::Serving {
 protected:
  void SetUp() override {
    test::Serving::SetUp();
    node.status_view = test::example_status();
    node.peer_views = {test::example_peer()};
    node.share_views = {test::example_share()};
    node.transfer_views = {test::example_transfer()};
    node.pages = {node::EntryPage{{test::example_entry()}, "1"}, node::EntryPage{}};
    node.found = {test::example_entry()};
    node.findings = {{"identity", node::Verdict::kOk, "fine", ""}};
    node.numbers = {{"bytes_sent_total", 5}};
  }

  node::Outcome<json::value> ask(Method method, std::string target, json::value body = nullptr) {
    Call call;
    call.method = method;
    call.target = std::move(target);
    call.body = std::move(body);
    return client.call(std::move(call));
  }
  // The document of an answer, or the failure as "code: message".
  std::string text(Method method, std::string target, json::value body = nullptr) {
    const auto answer = ask(method, std::move(target), std::move(body));
    if (answer) return json_text(*answer);
    return std::string(to_string(answer.error().code)) + ": " + answer.error().message;
  }
};

TEST_F(Routes, ShowTheViews) {
  EXPECT_EQ(text(Method::kGet, "/api/v1/status"), json_text(to_json(node.status_view)));
  EXPECT_EQ(text(Method::kGet, "/api/v1/peers"), json_text(to_json(node.peer_views)));
  EXPECT_EQ(text(Method::kGet, "/api/v1/shares"), json_text(to_json(node.share_views)));
  EXPECT_EQ(text(Method::kGet, "/api/v1/transfers"), json_text(to_json(node.transfer_views)));
  EXPECT_EQ(text(Method::kGet, "/api/v1/transfers/t1"), json_text(to_json(node.transfer_views[0])));
  EXPECT_EQ(text(Method::kGet, "/api/v1/doctor"), json_text(to_json(node.findings)));
}

TEST_F(Routes, SayWhatIsNotThere) {
  EXPECT_EQ(text(Method::kGet, "/api/v1/transfers/t2"), "not_found: There is no transfer t2.");
  EXPECT_EQ(text(Method::kGet, "/api/v1/nothing"), "not_found: There is nothing at this path.");
  EXPECT_EQ(text(Method::kGet, "/api/v1"), "not_found: There is nothing at this path.");
  EXPECT_EQ(text(Method::kDelete, "/api/v1/peers"), "usage: This path takes GET only.");
}

TEST_F(Routes, ServeMetricsWherePrometheusLooksForThem) {
  for (const char* target : {"/metrics", "/api/v1/metrics"}) {
    const std::string answer = get(target);
    EXPECT_NE(answer.find("Content-Type: text/plain; version=0.0.4\r\n"), std::string::npos) << answer;
    EXPECT_TRUE(answer.ends_with("essaim_bytes_sent_total 5\n")) << answer;
  }
}

TEST_F(Routes, ListAFolderPageByPage) {
  EXPECT_EQ(text(Method::kGet, "/api/v1/list?peer=bob&path=Videos%2Fold"), json_text(to_json(node.pages[0])));
  EXPECT_EQ(node.list_request->peer, "bob");
  EXPECT_EQ(node.list_request->path, "Videos/old");
  EXPECT_FALSE(node.list_request->cursor);
  EXPECT_EQ(text(Method::kGet, "/api/v1/list?peer=bob&cursor=1"), R"({"entries":[],"cursor":null})");
  EXPECT_EQ(node.list_request->path, "");
  EXPECT_EQ(text(Method::kGet, "/api/v1/list"), "usage: `peer` is missing");
}

TEST_F(Routes, SearchForAsLongAsTheyAreTold) {
  EXPECT_EQ(text(Method::kGet, "/api/v1/search?q=my%20talk&wait=250"), json_text(to_json(node.found)));
  EXPECT_EQ(node.search_request->words, "my talk");
  EXPECT_EQ(node.search_request->wait, 250ms);
  text(Method::kGet, "/api/v1/search?q=talk");
  EXPECT_EQ(node.search_request->wait, node::SearchRequest().wait);
  EXPECT_EQ(text(Method::kGet, "/api/v1/search"), "usage: `q` is missing");
  for (const char* wait : {"", "x", "-1", "1.5", "60001", "99999999999999999999"}) {
    EXPECT_TRUE(text(Method::kGet, "/api/v1/search?q=x&wait=" + std::string(wait)).starts_with("usage: `wait`"))
        << wait;
  }
  text(Method::kGet, "/api/v1/search?q=talk&wait=60000");
  EXPECT_EQ(node.search_request->wait, kWaitMax);
}

TEST_F(Routes, ShareAPath) {
  const json::object whole{{"path", "/a/b"}, {"name", "B"}, {"audience", "trusted"}};
  EXPECT_EQ(text(Method::kPost, "/api/v1/shares", whole), json_text(to_json(node.share_views[0])));
  EXPECT_EQ(node.share_request->path, "/a/b");
  EXPECT_EQ(node.share_request->name, "B");
  EXPECT_EQ(node.share_request->audience, "trusted");
  text(Method::kPost, "/api/v1/shares", json::object{{"path", "/a/b"}, {"name", nullptr}});
  EXPECT_FALSE(node.share_request->name);
  EXPECT_FALSE(node.share_request->audience) << "what it is, or everyone";
}

TEST_F(Routes, TrustAPeerBlockItOrForgetIt) {
  node.peer_views = {test::example_peer()};
  EXPECT_EQ(text(Method::kPost, "/api/v1/peers/bob/trust", json::object{{"trust", "trusted"}}),
            json_text(to_json(test::example_peer())));
  text(Method::kPost, "/api/v1/peers/my%20bob/trust", json::object{{"trust", "blocked"}});
  text(Method::kDelete, "/api/v1/peers/bob");
  EXPECT_EQ(node.asked, (std::vector<std::string>{"trust bob trusted", "trust my bob blocked", "forget bob"}));
  for (const json::object& wrong : {json::object{}, {{"trust", "a bit"}}, {{"trust", true}}}) {
    EXPECT_TRUE(text(Method::kPost, "/api/v1/peers/bob/trust", wrong).starts_with("usage")) << json_text(wrong);
  }
}

TEST_F(Routes, PairWithAPeer) {
  node.pairing_views = {test::example_pairing()};
  const std::string pairing = json_text(to_json(test::example_pairing()));
  EXPECT_EQ(text(Method::kPost, "/api/v1/peers/bob/pair"), pairing);
  EXPECT_EQ(text(Method::kPost, "/api/v1/peers/bob/pair/confirm"), pairing);
  EXPECT_EQ(text(Method::kPost, "/api/v1/peers/bob/pair/reject"), pairing);
  EXPECT_EQ(text(Method::kGet, "/api/v1/pairings"), "[" + pairing + "]");
  EXPECT_EQ(node.asked, (std::vector<std::string>{"pair bob", "confirm bob", "reject bob"}));
}

TEST_F(Routes, OfferAndTakeOrLeaveWhatIsOffered) {
  node.offer_views = {test::example_offer()};
  const std::string offer = json_text(to_json(test::example_offer()));
  EXPECT_EQ(text(Method::kPost, "/api/v1/offers", json::object{{"paths", {"/a", "/b"}}, {"to", {"bob"}}}), offer);
  EXPECT_EQ(text(Method::kGet, "/api/v1/offers"), "[" + offer + "]");
  EXPECT_EQ(text(Method::kPost, "/api/v1/offers/3/accept"), offer);
  text(Method::kPost, "/api/v1/offers/3/accept", json::object{{"dest", "/in"}});
  text(Method::kPost, "/api/v1/offers/3/decline");
  text(Method::kPost, "/api/v1/offers/3/withdraw");
  EXPECT_EQ(node.asked, (std::vector<std::string>{"send /a /b to bob", "accept 3", "accept 3 into /in", "decline 3",
                                                  "withdraw 3"}));
  for (const json::object& wrong : {json::object{{"to", {"bob"}}},
                                    {{"paths", {"/a"}}},
                                    {{"paths", json::array()}, {"to", {"bob"}}},
                                    {{"paths", {"a"}}, {"to", {"bob"}}},
                                    {{"paths", {"/a", ""}}, {"to", {"bob"}}},
                                    {{"paths", "/a"}, {"to", {"bob"}}}}) {
    EXPECT_TRUE(text(Method::kPost, "/api/v1/offers", wrong).starts_with("usage")) << json_text(wrong);
  }
  EXPECT_TRUE(text(Method::kPost, "/api/v1/offers/3/accept", json::object{{"dest", "in"}}).starts_with("usage"));
}

TEST_F(Routes, TakeListsOfTextsUpToALimit) {
  for (const std::size_t count : {kTextsMax - 1, kTextsMax, kTextsMax + 1}) {
    const json::object body{{"paths", json::array(count, "/a")}, {"to", {"bob"}}};
    EXPECT_EQ(text(Method::kPost, "/api/v1/offers", body).starts_with("usage"), count > kTextsMax) << count;
  }
}

TEST_F(Routes, StopSharingByNameOrPath) {
  text(Method::kDelete, "/api/v1/shares/My%20Videos");
  text(Method::kDelete, "/api/v1/shares/%2Fhome%2Falice%2FVideos");
  EXPECT_EQ(node.asked, (std::vector<std::string>{"unshare My Videos", "unshare /home/alice/Videos"}));
}

TEST_F(Routes, BeginATransfer) {
  const json::object whole{{"target", "bob/x"}, {"dest", "/tmp/x"}, {"wait", 100}};
  EXPECT_EQ(text(Method::kPost, "/api/v1/transfers", whole), json_text(to_json(node.transfer_views[0])));
  EXPECT_EQ(node.get_request->target, "bob/x");
  EXPECT_EQ(node.get_request->dest, "/tmp/x");
  EXPECT_EQ(node.get_request->wait, 100ms);
  text(Method::kPost, "/api/v1/transfers", json::object{{"target", "bob/x"}});
  EXPECT_FALSE(node.get_request->dest);
  EXPECT_EQ(node.get_request->wait, node::GetRequest().wait);
  EXPECT_FALSE(node.get_request->bytes_per_second);
  EXPECT_EQ(node.get_request->turn, node::GetRequest::Turn::kLast);
  text(Method::kPost, "/api/v1/transfers", json::object{{"target", "bob/x"}, {"limit", 5000}, {"first", true}});
  EXPECT_EQ(node.get_request->bytes_per_second, 5000U);
  EXPECT_EQ(node.get_request->turn, node::GetRequest::Turn::kFirst);
  for (const json::object& wrong : {json::object{{"target", "x"}, {"limit", -1}}, {{"target", "x"}, {"first", 1}}}) {
    EXPECT_TRUE(text(Method::kPost, "/api/v1/transfers", wrong).starts_with("usage"));
  }
  EXPECT_EQ(node.get_request->purpose, node::Purpose::kKeep);
  text(Method::kPost, "/api/v1/transfers", json::object{{"target", "bob/x"}, {"purpose", "read"}});
  EXPECT_EQ(node.get_request->purpose, node::Purpose::kRead);
  EXPECT_TRUE(text(Method::kPost, "/api/v1/transfers", json::object{{"target", "bob/x"}, {"purpose", "eat"}})
                  .starts_with("usage: `purpose`"));
}

TEST_F(Routes, SteerATransfer) {
  for (const char* verb : {"pause", "resume", "first", "cancel"}) {
    EXPECT_EQ(text(Method::kPost, "/api/v1/transfers/t1/" + std::string(verb)),
              json_text(to_json(node.transfer_views[0])));
  }
  EXPECT_EQ(node.asked, (std::vector<std::string>{"pause t1", "resume t1", "first t1", "cancel t1"}));
  node.asked.clear();
  for (const json::object& limit : {json::object{{"limit", 20'000}}, {{"limit", 0}}, {{"limit", nullptr}}}) {
    text(Method::kPost, "/api/v1/transfers/t1/limit", limit);
  }
  EXPECT_EQ(node.asked, (std::vector<std::string>{"limit 20000 t1", "limit 0 t1", "limit 0 t1"}));
  EXPECT_TRUE(text(Method::kPost, "/api/v1/transfers/t1/limit", json::object{{"limit", "x"}}).starts_with("usage"));
  EXPECT_TRUE(text(Method::kPost, "/api/v1/transfers/t1/other").starts_with("not_found"));
}

TEST_F(Routes, StopTheNode) {
  EXPECT_EQ(text(Method::kPost, "/api/v1/stop"), "{}");
  EXPECT_EQ(node.asked, std::vector<std::string>{"stop"});
}

TEST_F(Routes, RefuseBodiesThatMakeNoSense) {
  const std::vector<std::pair<json::value, std::string>> cases{
      {json::array(), "usage: the body of the request has to be a JSON object"},
      {json::object(), "usage: `target` is missing"},
      {json::object{{"target", ""}}, "usage: `target` is missing"},
      {json::object{{"target", 5}}, "usage: `target` has to be a text"},
      {json::object{{"target", "x"}, {"dest", 5}}, "usage: `dest` has to be a text"},
      {json::object{{"target", "x"}, {"dest", "a/b"}}, "usage: `dest` has to be an absolute path"},
  };
  for (const auto& [body, answer] : cases) EXPECT_EQ(text(Method::kPost, "/api/v1/transfers", body), answer);
  const json::array waits{-1, 1.5, "100", 60001, json::array()};
  for (const json::value& wait : waits) {
    const json::object body{{"target", "x"}, {"wait", wait}};
    EXPECT_TRUE(text(Method::kPost, "/api/v1/transfers", body).starts_with("usage: `wait`")) << json_text(wait);
  }
  EXPECT_EQ(text(Method::kPost, "/api/v1/shares", json::object{{"path", "a"}}),
            "usage: `path` has to be an absolute path");
  EXPECT_TRUE(node.asked.empty());
}

TEST_F(Routes, RefuseBodiesThatAreNotJsonOrNestTooDeep) {
  const auto post = [this](const std::string& body) {
    return exchange("POST /api/v1/shares HTTP/1.1\r\nConnection: close\r\nContent-Length: " +
                    std::to_string(body.size()) + "\r\n\r\n" + body);
  };
  const auto nested = [](std::size_t depth) {
    return R"({"path":"/a","x":)" + std::string(depth - 1, '[') + std::string(depth - 1, ']') + "}";
  };
  EXPECT_TRUE(post("{").starts_with("HTTP/1.1 400 "));
  EXPECT_TRUE(post("").starts_with("HTTP/1.1 400 "));
  EXPECT_TRUE(post(nested(16)).starts_with("HTTP/1.1 200 "));
  EXPECT_TRUE(post(nested(17)).starts_with("HTTP/1.1 400 "));
}

TEST_F(Routes, GiveEachFailureItsHttpStatus) {
  const std::vector<std::pair<node::FailureCode, std::string>> cases{
      {node::FailureCode::kFailed, "500"},   {node::FailureCode::kUsage, "400"},
      {node::FailureCode::kNotFound, "404"}, {node::FailureCode::kAmbiguous, "409"},
      {node::FailureCode::kRefused, "403"},  {node::FailureCode::kInterrupted, "503"},
  };
  for (const auto& [code, status] : cases) {
    node.failure = node::Failure{code, "Because."};
    EXPECT_TRUE(get("/api/v1/doctor").starts_with("HTTP/1.1 " + status + " ")) << status;
    EXPECT_EQ(text(Method::kGet, "/api/v1/doctor"), std::string(to_string(code)) + ": Because.");
  }
}

}  // namespace
}  // namespace essaim::api
