#include "transport/tls_engine.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include <gtest/gtest.h>

#include "foreign_tls.hpp"
#include "loopback.hpp"

namespace essaim::transport {
namespace {

using Role = TlsEngine::Role;
using Progress = TlsEngine::Progress;

constexpr int kRounds = 6;

void move_bytes(TlsEngine& from, TlsEngine& to, std::size_t most) {
  const std::size_t bytes = std::min({from.output().bytes().size(), to.input().room().size(), most});
  std::ranges::copy(from.output().bytes().first(bytes), to.input().room().begin());
  to.input().filled(bytes);
  from.output().taken(bytes);
}

struct Outcome {
  Expected<Progress, NetError> client = Progress::kNeedsInput;
  Expected<Progress, NetError> server = Progress::kNeedsInput;
};

// A whole handshake, at most `piece` bytes at a time.
Outcome shake_hands(TlsEngine& client, TlsEngine& server, std::size_t piece = TlsEngine::kInputBytes) {
  Outcome outcome;
  for (bool moved = true; moved;) {
    if (outcome.client && *outcome.client == Progress::kNeedsInput) outcome.client = client.handshake();
    if (outcome.server && *outcome.server == Progress::kNeedsInput) outcome.server = server.handshake();
    moved = !client.output().empty() || !server.output().empty();
    move_bytes(client, server, piece);
    move_bytes(server, client, piece);
  }
  return outcome;
}

bool is_done(const Expected<Progress, NetError>& side) { return side && *side == Progress::kDone; }

TEST(TlsEngine, TellsBothSidesWhoTheOtherIs) {
  const TlsContext alice = make_context();
  const TlsContext bob = make_context();
  TlsEngine client(alice, Role::kClient, bob.peer_id());
  TlsEngine server(bob, Role::kServer);
  const Outcome outcome = shake_hands(client, server);
  ASSERT_TRUE(is_done(outcome.client) && is_done(outcome.server));
  EXPECT_EQ(client.peer(), bob.peer_id());
  EXPECT_EQ(server.peer(), alice.peer_id());
}

TEST(TlsEngine, ShakesHandsAByteAtATime) {
  const TlsContext alice = make_context();
  const TlsContext bob = make_context();
  TlsEngine client(alice, Role::kClient);
  TlsEngine server(bob, Role::kServer);
  const Outcome outcome = shake_hands(client, server, 1);
  EXPECT_TRUE(is_done(outcome.client) && is_done(outcome.server));
}

TEST(TlsEngine, RefusesAnotherPeerThanTheExpectedOne) {
  const TlsContext alice = make_context();
  const TlsContext bob = make_context();
  TlsEngine client(alice, Role::kClient, make_context().peer_id());
  TlsEngine server(bob, Role::kServer);
  const Outcome outcome = shake_hands(client, server);
  ASSERT_FALSE(outcome.client);
  EXPECT_EQ(outcome.client.error(), NetError::kWrongPeer);
  ASSERT_FALSE(outcome.server) << "the refusal did not reach the other side";
  EXPECT_EQ(outcome.server.error(), NetError::kTls);
}

TEST(TlsEngine, KnowsWhatIsNotTls) {
  const TlsContext alice = make_context();
  for (const Role role : {Role::kClient, Role::kServer}) {
    TlsEngine engine(alice, role);
    EXPECT_TRUE(engine.handshake());
    const std::string_view classic("\0\0\0\x17{\"type\":\"ANNOUNCE\"}...", 27);
    std::ranges::copy(as_bytes(classic), engine.input().room().begin());
    engine.input().filled(classic.size());
    const auto progress = engine.handshake();
    ASSERT_FALSE(progress);
    EXPECT_EQ(progress.error(), NetError::kNotTls);
  }
}

enum class Welcome {
  kYes,
  kNo,
  kNotAsClient,  // the case has no meaning for a foreign server
};

// A foreign peer that keeps to the rules but for what `set_up` changes.
struct ForeignCase {
  const char* name;
  Welcome welcome;
  CertificateOptions certificate;
  ForeignTls::SetUp set_up;
};

void change_nothing(SSL_CTX* /*context*/) {}

void offer_no_protocol(SSL_CTX* context) {
  SSL_CTX_set_alpn_protos(context, nullptr, 0);
  SSL_CTX_set_alpn_select_cb(context, nullptr, nullptr);
}

void add_to_chain(SSL_CTX* context) {
  SSL_CTX_add0_chain_cert(context, make_foreign_certificate().certificate.release());
}

std::vector<ForeignCase> foreign_cases() {
  static const ForeignCertificate kSigner = make_foreign_certificate();
  return {
      {"one that keeps all rules", Welcome::kYes, {}, change_nothing},
      {"a certificate that another key signed", Welcome::kYes, {.signer = kSigner.key.get()}, change_nothing},
      {"TLS 1.2", Welcome::kNo, {}, [](SSL_CTX* context) { SSL_CTX_set_max_proto_version(context, TLS1_2_VERSION); }},
      {"another protocol", Welcome::kNotAsClient, {}, [](SSL_CTX* context) { use_alpn(context, "h2"); }},
      {"a protocol that only begins like ours",
       Welcome::kNotAsClient,
       {},
       [](SSL_CTX* context) { use_alpn(context, "essaim/11"); }},
      {"no protocol at all", Welcome::kNo, {}, offer_no_protocol},
      {"a P-256 key", Welcome::kNo, {.key_type = EVP_PKEY_EC}, change_nothing},
      {"an expired certificate", Welcome::kNo, {.not_after = "20200101000000Z"}, change_nothing},
      {"a certificate of the future", Welcome::kNo, {.not_before = "99980101000000Z"}, change_nothing},
      {"a chain of two", Welcome::kNo, {}, add_to_chain},
  };
}

// What the foreign side keeps to before a case changes it.
void keep_rules(SSL_CTX* context, const CertificateOptions& certificate = {}) {
  use_certificate(context, make_foreign_certificate(certificate));
  use_alpn(context, "essaim/1");
  SSL_CTX_set_alpn_select_cb(
      context,
      [](SSL*, const unsigned char** chosen, unsigned char* bytes, const unsigned char* offered, unsigned int, void*) {
        *chosen = offered + 1;
        *bytes = *offered;
        return SSL_TLSEXT_ERR_OK;
      },
      nullptr);
}

// Nothing: it never came to an end.
std::optional<bool> welcomes(const ForeignCase& foreign_case, Role own_role) {
  const TlsContext own = make_context();
  TlsEngine engine(own, own_role);
  ForeignTls foreign(own_role == Role::kServer ? Role::kClient : Role::kServer, [&](SSL_CTX* context) {
    keep_rules(context, foreign_case.certificate);
    foreign_case.set_up(context);
  });
  for (int round = 0; round < kRounds; ++round) {
    foreign.handshake();
    foreign.exchange(engine);
    const auto progress = engine.handshake();
    if (!progress || *progress == Progress::kDone) return progress.has_value();
  }
  return std::nullopt;
}

TEST(TlsEngine, AsServerRefusesWhoeverBreaksARule) {
  for (const ForeignCase& foreign : foreign_cases()) {
    EXPECT_EQ(welcomes(foreign, Role::kServer), foreign.welcome == Welcome::kYes) << foreign.name;
  }
}

TEST(TlsEngine, AsClientRefusesWhoeverBreaksARule) {
  for (const ForeignCase& foreign : foreign_cases()) {
    if (foreign.welcome == Welcome::kNotAsClient) continue;
    EXPECT_EQ(welcomes(foreign, Role::kClient), foreign.welcome == Welcome::kYes) << foreign.name;
  }
}

TEST(TlsEngine, RefusesAClientWithoutACertificate) {
  const TlsContext own = make_context();
  TlsEngine server(own, Role::kServer);
  ForeignTls client(Role::kClient, [](SSL_CTX* context) { use_alpn(context, "essaim/1"); });
  Expected<Progress, NetError> progress = Progress::kNeedsInput;
  for (int round = 0; round < kRounds && progress; ++round) {
    client.handshake();
    client.exchange(server);
    progress = server.handshake();
    EXPECT_FALSE(is_done(progress));
  }
  EXPECT_FALSE(progress);
}

TEST(TlsEngine, NeverResumesASession) {
  const TlsContext own = make_context();
  TlsEngine server(own, Role::kServer);
  ForeignTls client(Role::kClient, [](SSL_CTX* context) { keep_rules(context); });
  for (int round = 0; round < kRounds; ++round) {
    client.handshake();
    client.exchange(server);
    static_cast<void>(server.handshake());
  }
  std::array<std::uint8_t, 8> room{};
  SSL_read(client.ssl(), room.data(), room.size());  // would take a ticket in
  EXPECT_EQ(SSL_SESSION_is_resumable(SSL_get0_session(client.ssl())), 0);
}

class TlsEnginePair : public testing::Test {
 protected:
  void SetUp() override {
    const Outcome outcome = shake_hands(client_, server_);
    ASSERT_TRUE(is_done(outcome.client) && is_done(outcome.server));
  }

  TlsContext alice_ = make_context();
  TlsContext bob_ = make_context();
  TlsEngine client_{alice_, Role::kClient};
  TlsEngine server_{bob_, Role::kServer};
};

TEST_F(TlsEnginePair, TakesNoMoreThanItsOutputHolds) {
  const Bytes sent = pattern(kMiB);
  const auto taken = client_.encrypt(sent);
  ASSERT_TRUE(taken);
  EXPECT_LT(*taken, sent.size());
  EXPECT_GE(*taken, TlsEngine::kFlushBytes - TlsEngine::kRecordBytesMax);
  EXPECT_EQ(client_.encrypt(sent), 0U);
}

TEST_F(TlsEnginePair, DecryptsWhatCameWholeHoweverItWasCut) {
  for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, std::size_t{16384}, TlsEngine::kInputBytes}) {
    const Bytes sent = pattern(40000, piece);
    ASSERT_EQ(client_.encrypt(sent), sent.size());
    Bytes got(sent.size());
    std::size_t filled = 0;
    while (filled < got.size()) {
      ASSERT_FALSE(client_.output().empty());
      move_bytes(client_, server_, piece);
      const auto more = server_.decrypt(MutableByteView(got).subspan(filled));
      ASSERT_TRUE(more);
      filled += *more;
    }
    EXPECT_EQ(got, sent);
  }
}

TEST_F(TlsEnginePair, RefusesARecordWithOneBitChanged) {
  ASSERT_TRUE(client_.encrypt(pattern(100)));
  move_bytes(client_, server_, TlsEngine::kInputBytes);
  const_cast<std::uint8_t&>(server_.input().bytes()[50]) ^= 1U;
  std::array<std::uint8_t, 100> room{};
  EXPECT_EQ(server_.decrypt(room), fail(NetError::kTls));
}

TEST_F(TlsEnginePair, SaysThatThePeerEnded) {
  ASSERT_TRUE(client_.encrypt(pattern(10)));
  client_.end();
  move_bytes(client_, server_, TlsEngine::kInputBytes);
  std::array<std::uint8_t, 100> room{};
  EXPECT_EQ(server_.decrypt(room), 10U);
  EXPECT_EQ(server_.decrypt(room), fail(NetError::kClosed));
}

TEST(TlsEngine, AnswersAKeyUpdate) {
  const TlsContext own = make_context();
  TlsEngine server(own, Role::kServer);
  ForeignTls client(Role::kClient, [](SSL_CTX* context) { keep_rules(context); });
  for (int round = 0; round < kRounds; ++round) {
    client.handshake();
    client.exchange(server);
    static_cast<void>(server.handshake());
  }
  ASSERT_EQ(SSL_key_update(client.ssl(), SSL_KEY_UPDATE_REQUESTED), 1);
  ASSERT_EQ(SSL_write(client.ssl(), "after", 5), 5);
  client.exchange(server);
  std::array<std::uint8_t, 100> room{};
  EXPECT_EQ(server.decrypt(room), 5U);
  ASSERT_EQ(server.encrypt(as_bytes("answer")), 6U);
  client.exchange(server);
  EXPECT_EQ(SSL_read(client.ssl(), room.data(), room.size()), 6);
}

}  // namespace
}  // namespace essaim::transport
