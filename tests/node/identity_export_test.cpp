#include "node/identity_export.hpp"

#include <filesystem>
#include <sys/stat.h>

#include <gtest/gtest.h>

#include "storage/catalogue.hpp"
#include "support/node_fixture.hpp"

namespace essaim::node {
namespace {

namespace fs = std::filesystem;
using Existing = ImportRequest::Existing;

AskPassphrase saying(std::string passphrase) {
  return [passphrase] { return Outcome<std::string>(passphrase); };
}
// For what is to fail before anybody is asked.
Outcome<std::string> unasked() {
  ADD_FAILURE() << "nobody should have been asked";
  return std::string();
}

class IdentityExport : public test::NodeTest {
 protected:
  // The id of the node that runs on this home, for a moment.
  PeerId id_of(const std::string& name) {
    test::RunningNode node(config(name));
    const PeerId id = node.status().peer_id;
    EXPECT_TRUE(node.stop());
    return id;
  }
  [[nodiscard]] std::string home(const std::string& name) const { return (dir / name).string(); }
  void know(const std::string& name, const storage::PeerRecord& peer) const {
    auto catalogue = storage::Catalogue::open(home(name) + "/catalogue.db");
    ASSERT_TRUE(catalogue && catalogue->peers().put(peer));
  }
  [[nodiscard]] std::vector<storage::PeerRecord> known(const std::string& name) const {
    auto catalogue = storage::Catalogue::open(home(name) + "/catalogue.db");
    return catalogue ? catalogue->peers().all().value_or(std::vector<storage::PeerRecord>())
                     : std::vector<storage::PeerRecord>();
  }
  Outcome<IdentityView> import_to(const std::string& name, const AskPassphrase& ask,
                                  Existing existing = Existing::kRefuse) const {
    return import_identity({.home = home(name), .file = file, .existing = existing}, ask);
  }
  static FailureCode code_of(const Outcome<IdentityView>& outcome) {
    EXPECT_FALSE(outcome);
    return outcome ? FailureCode::kFailed : outcome.error().code;
  }

  const PeerId friend_id{std::string(32, 'f')};
  const PeerId foe_id{std::string(32, 'g')};
  const std::string file = (dir / "me.essaim").string();
};

TEST_F(IdentityExport, CarriesTheKeyAndTheTrustToAnotherHome) {
  const PeerId alice = id_of("alice");
  know("alice", {.id = friend_id, .name = "bob", .trust = access::Trust::kTrusted});
  know("alice", {.id = foe_id, .name = "mallory", .trust = access::Trust::kBlocked});
  know("alice", {.id = PeerId{std::string(32, 's')}, .name = "stranger"});
  const auto exported = export_identity({home("alice"), file}, saying("correct horse"));
  ASSERT_TRUE(exported) << exported.error().message;
  EXPECT_EQ(exported->peer_id, alice);
  EXPECT_EQ(exported->trusted, 1U);
  EXPECT_EQ(exported->blocked, 1U);
  struct ::stat raw{};
  ASSERT_EQ(::stat(file.c_str(), &raw), 0);
  EXPECT_EQ(raw.st_mode & 0777U, 0600U);

  const PeerId bob = id_of("bob");
  EXPECT_NE(bob, alice);
  know("bob", {.id = foe_id, .name = "mal", .level = 1, .trust = access::Trust::kTrusted, .addresses = {"10.0.0.9:1"}});
  EXPECT_EQ(code_of(import_to("bob", unasked)), FailureCode::kRefused) << "there is an identity";
  EXPECT_EQ(code_of(import_to("bob", saying("wrong horse"), Existing::kReplace)), FailureCode::kRefused);
  EXPECT_EQ(id_of("bob"), bob) << "nothing was changed";
  const auto imported = import_to("bob", saying("correct horse"), Existing::kReplace);
  ASSERT_TRUE(imported) << imported.error().message;
  EXPECT_EQ(imported->peer_id, alice);
  EXPECT_EQ(imported->kept, home("bob") + "/identity.key.old-1");
  EXPECT_TRUE(fs::exists(*imported->kept));
  EXPECT_EQ(id_of("bob"), alice);
  const auto peers = known("bob");
  ASSERT_EQ(peers.size(), 2U);
  EXPECT_EQ(peers[0].name, "bob");
  EXPECT_EQ(peers[0].trust, access::Trust::kTrusted);
  EXPECT_EQ(peers[1].trust, access::Trust::kBlocked);
  EXPECT_EQ(peers[1].addresses, std::vector<std::string>{"10.0.0.9:1"}) << "what else is known of a peer stays";
}

TEST_F(IdentityExport, GoesToAHomeThatIsNotThereYet) {
  const PeerId alice = id_of("alice");
  ASSERT_TRUE(export_identity({home("alice"), file}, saying("correct horse")));
  const auto imported = import_to("new", saying("correct horse"));
  ASSERT_TRUE(imported) << imported.error().message;
  EXPECT_EQ(imported->kept, std::nullopt);
  EXPECT_EQ(id_of("new"), alice);
}

TEST_F(IdentityExport, OverwritesNothingAndAsksForNothingInVain) {
  EXPECT_EQ(code_of(export_identity({home("alice"), file}, unasked)), FailureCode::kNotFound);
  EXPECT_FALSE(fs::exists(home("alice")));
  static_cast<void>(id_of("alice"));
  EXPECT_EQ(code_of(export_identity({home("alice"), file}, saying("7 bytes"))), FailureCode::kUsage);
  EXPECT_FALSE(fs::exists(file));
  test::write_file(file, "mine");
  EXPECT_EQ(code_of(export_identity({home("alice"), file}, unasked)), FailureCode::kRefused);
  EXPECT_EQ(test::read_file(file), "mine");
  EXPECT_EQ(code_of(import_to("bob", unasked)), FailureCode::kFailed) << "it is no such file";
  EXPECT_EQ(code_of(import_identity({home("bob"), file + "-not"}, unasked)), FailureCode::kNotFound);
  EXPECT_FALSE(fs::exists(home("bob")));
}

TEST_F(IdentityExport, WorksBesideARunningNodeAndImportDoesNot) {
  test::RunningNode alice(config("alice"));
  ASSERT_TRUE(export_identity({home("alice"), file}, saying("correct horse")));
  const auto imported = import_to("alice", unasked, Existing::kReplace);
  EXPECT_EQ(code_of(imported), FailureCode::kRefused);
}

TEST_F(IdentityExport, AnIdentityOutlivesItsCatalogue) {
  const PeerId before = id_of("alice");
  for (const char* const name : {"catalogue.db", "catalogue.db-wal", "catalogue.db-shm"})
    fs::remove(dir / "alice" / name);
  EXPECT_EQ(id_of("alice"), before);
}

}  // namespace
}  // namespace essaim::node
