#include "storage/catalogue.hpp"

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include <SQLiteCpp/Database.h>
#include <gtest/gtest.h>

#include "content/hash.hpp"
#include "storage/catalogue_schema.hpp"
#include "support/temp_dir.hpp"

namespace essaim::storage {
namespace {

using Kind = StorageError::Kind;
namespace fs = std::filesystem;

class CatalogueTest : public ::testing::Test {
 protected:
  [[nodiscard]] std::string path() const { return (temp_ / "catalogue.db").string(); }
  [[nodiscard]] Catalogue open() const { return Catalogue::open(path()).value(); }
  test::TempDir temp_;
};

ShareRecord share_named(std::string name) {
  ShareRecord share;
  share.name = std::move(name);
  share.path = "/shared";
  share.audience.kind = access::Audience::Kind::kTrusted;
  share.added = UnixNanos{5};
  return share;
}

TEST_F(CatalogueTest, RemembersSharesPeersTransfersAndSettings) {
  TransferRecord transfer;
  transfer.link = "essaim:x";
  transfer.destination = "/downloads";
  transfer.total_bytes = UINT64_MAX;
  transfer.created = UnixNanos{-1};
  PeerRecord peer{.id = {"p1"},
                  .name = "Ada",
                  .level = 1,
                  .trust = access::Trust::kTrusted,
                  .addresses = {"10.0.0.1:5001", "[::1]:5001"},
                  .last_seen = UnixNanos{9}};
  ShareRecord share = share_named("films");
  share.content_id = ContentId{};
  share.total_bytes = 1;
  {
    Catalogue catalogue = open();
    share.id = catalogue.shares().add(share).value();
    transfer.id = catalogue.transfers().add(transfer).value();
    ASSERT_TRUE(catalogue.peers().put(peer).has_value());
    ASSERT_TRUE(catalogue.put_setting("rev", "41").has_value());
    ASSERT_TRUE(catalogue.put_setting("rev", "42").has_value());
  }
  Catalogue catalogue = open();
  EXPECT_EQ(catalogue.shares().find(share.id).value(), share);
  EXPECT_EQ(catalogue.shares().find_name("films").value(), share);
  EXPECT_EQ(catalogue.shares().find_content(ContentId{}).value(), std::vector{share});
  EXPECT_EQ(catalogue.transfers().find(transfer.id).value(), transfer);
  EXPECT_EQ(catalogue.peers().find(peer.id).value(), peer);
  EXPECT_EQ(catalogue.setting("rev").value(), "42");
  EXPECT_EQ(catalogue.setting("none").value(), std::nullopt);
  EXPECT_TRUE(catalogue.check().has_value());
}

TEST_F(CatalogueTest, ShareNamesAreUniqueAndIdsAreNotGivenTwice) {
  Catalogue catalogue = open();
  const ShareId first = catalogue.shares().add(share_named("a")).value();
  EXPECT_EQ(catalogue.shares().add(share_named("a")).error().kind, Kind::kExists);
  const FileChanges changes{.share = first, .upserts = {{.record = {.path = "x"}}}};
  ASSERT_TRUE(catalogue.files().apply(changes).has_value());
  ASSERT_TRUE(catalogue.shares().remove(first).has_value());
  EXPECT_EQ(catalogue.files().page({.share = first, .after = {}, .limit = 10})->size(), 0U);
  EXPECT_NE(catalogue.shares().add(share_named("a")).value(), first);
  ShareRecord share = catalogue.shares().all()->front();
  share.state = ShareState::kReady;
  share.audience = {.kind = access::Audience::Kind::kEveryone, .peers = {}};
  ASSERT_TRUE(catalogue.shares().update(share).has_value());
  EXPECT_EQ(catalogue.shares().find(share.id).value(), share);
}

TEST_F(CatalogueTest, ForgetsStrangersButNobodyElse) {
  Catalogue catalogue = open();
  PeerRecord peer;
  peer.last_seen = UnixNanos{10};
  for (const auto& [id, trust] :
       {std::pair{"s", access::Trust::kStranger}, {"t", access::Trust::kTrusted}, {"b", access::Trust::kBlocked}}) {
    peer.id.text = id;
    peer.trust = trust;
    ASSERT_TRUE(catalogue.peers().put(peer).has_value());
  }
  EXPECT_EQ(catalogue.peers().remove_strangers(UnixNanos{10}).value(), 0U);
  EXPECT_EQ(catalogue.peers().remove_strangers(UnixNanos{11}).value(), 1U);
  EXPECT_EQ(catalogue.peers().all()->size(), 2U);
  ASSERT_TRUE(catalogue.peers().remove({"b"}).has_value());
  EXPECT_EQ(catalogue.peers().all()->size(), 1U);
}

TEST_F(CatalogueTest, KeepsTheLatestAddressesOfAPeerOnly) {
  Catalogue catalogue = open();
  for (const std::size_t count : {kPeerAddressesMax - 1, kPeerAddressesMax, kPeerAddressesMax + 1}) {
    PeerRecord peer;
    peer.id.text = "p";
    for (std::size_t i = 0; i < count; ++i) peer.addresses.push_back("10.0.0.1:" + std::to_string(i));
    ASSERT_TRUE(catalogue.peers().put(peer).has_value());
    EXPECT_EQ(catalogue.peers().find({"p"}).value()->addresses.size(), std::min(count, kPeerAddressesMax));
    EXPECT_EQ(catalogue.peers().find({"p"}).value()->addresses.front(), "10.0.0.1:0");
  }
}

TEST_F(CatalogueTest, KeepsProgressApartFromTheRest) {
  Catalogue catalogue = open();
  TransferRecord transfer;
  transfer.id = catalogue.transfers().add(transfer).value();
  EXPECT_EQ(catalogue.transfers().progress_of(transfer.id).value(), Bytes());
  ASSERT_TRUE(catalogue.transfers()
                  .save_progress(transfer.id, {.bitmap = {1, 2, 3}, .done_bytes = 7, .updated = UnixNanos{8}})
                  .has_value());
  transfer.state = TransferState::kPaused;
  transfer.done_bytes = 7;
  ASSERT_TRUE(catalogue.transfers().update(transfer).has_value());
  EXPECT_EQ(catalogue.transfers().progress_of(transfer.id).value(), (Bytes{1, 2, 3}));
  EXPECT_EQ(catalogue.transfers().all()->size(), 1U);
  ASSERT_TRUE(catalogue.transfers().remove(transfer.id).has_value());
  EXPECT_EQ(catalogue.transfers().find(transfer.id).value(), std::nullopt);
}

TEST_F(CatalogueTest, ReadersSeeCommitsWhileTheWriterIsOpen) {
  Catalogue writer = open();
  Catalogue reader = Catalogue::open_read_only(path()).value();
  const ShareId share = writer.shares().add(share_named("a")).value();
  EXPECT_TRUE(reader.shares().find(share).value().has_value());
  EXPECT_EQ(reader.shares().add(share_named("b")).error().kind, Kind::kReadOnly);
}

TEST_F(CatalogueTest, RefusesANewerSchemaAndLeavesItAlone) {
  EXPECT_EQ(open().shares().all()->size(), 0U);
  SQLite::Database(path(), SQLite::OPEN_READWRITE).exec("PRAGMA user_version = 99");
  const std::string before = test::read_file(path());
  EXPECT_EQ(Catalogue::open(path()).error().kind, Kind::kNewer);
  EXPECT_EQ(test::read_file(path()), before);
}

// As a copy has it, or a stop between the removal of one and of the other.
TEST_F(CatalogueTest, OpensWithALogThatHasLostItsIndex) {
  const test::TempDir copy;
  {
    Catalogue catalogue = open();
    ASSERT_TRUE(catalogue.put_setting("key", "in the log only"));
    for (const char* file : {"", "-wal"}) fs::copy_file(path() + file, (copy / "copy.db").string() + file);
  }
  auto opened = Catalogue::open((copy / "copy.db").string());
  ASSERT_TRUE(opened) << opened.error().path;
  EXPECT_EQ(opened->setting("key").value(), "in the log only");
}

TEST_F(CatalogueTest, SaysThatItIsDamagedAndStartsAnewWhenMovedAside) {
  for (const char* content : {"this was never a database, and is long enough to be taken for the header of one ......"
                              "......................................................................................",
                              "SQLite format 3"}) {
    test::write_file(path(), content);
    EXPECT_EQ(Catalogue::open(path()).error().kind, Kind::kCorrupt);
    const std::string aside = move_catalogue_aside(path()).value();
    EXPECT_EQ(test::read_file(aside), content);
    EXPECT_TRUE(Catalogue::open(path()).has_value());
    for (const char* sidecar : {"", "-wal", "-shm"}) fs::remove(path() + sidecar);
  }
  EXPECT_TRUE(fs::exists(path() + ".corrupt-1"));
  EXPECT_TRUE(fs::exists(path() + ".corrupt-2"));
}

// Whatever byte is wrong, opening and reading answers, and never brings the process down.
TEST_F(CatalogueTest, SurvivesDamageAnywhere) {
  {
    Catalogue catalogue = open();
    const ShareId share = catalogue.shares().add(share_named("a")).value();
    FileChanges changes{.share = share};
    for (int i = 0; i < 300; ++i)
      changes.upserts.push_back({.record = {.path = "f" + std::to_string(i), .content_id = ContentId{}}});
    ASSERT_TRUE(catalogue.files().apply(changes).has_value());
  }
  const std::string whole = test::read_file(path());
  int noticed = 0;
  for (std::size_t at = 0; at < whole.size(); at += whole.size() / 150) {
    std::string damaged = whole;
    for (std::size_t i = at; i < std::min(at + 8, damaged.size()); ++i) damaged[i] = static_cast<char>(~damaged[i]);
    if (at % 3 == 0) damaged.resize(at);
    test::write_file(path(), damaged);
    auto catalogue = Catalogue::open(path());
    if (!catalogue || !catalogue->check()) ++noticed;
    if (!catalogue) continue;
    (void)catalogue->shares().all();
    (void)catalogue->files().page({.share = ShareId{1}, .after = {}, .limit = 1000});
    (void)catalogue->files().manifest_of(ContentId{});
  }
  EXPECT_GT(noticed, 50);
}

TEST_F(CatalogueTest, AMigrationIsDoneWholeOrNotAtAllAndKeepsACopy) {
  SQLite::Database database(path(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  const std::array<std::string_view, 1> first{"CREATE TABLE old (x); INSERT INTO old VALUES (1);"};
  ASSERT_TRUE(migrate(database, first).has_value());
  const std::array<std::string_view, 3> broken{first[0], "CREATE TABLE more (y);", "no such statement"};
  EXPECT_FALSE(migrate(database, broken).has_value());
  EXPECT_FALSE(database.tableExists("more"));
  EXPECT_EQ(database.execAndGet("PRAGMA user_version").getInt(), 1);

  const std::array<std::string_view, 2> good{first[0], "CREATE TABLE more (y); UPDATE old SET x = 2;"};
  ASSERT_TRUE(migrate(database, good).has_value());
  EXPECT_EQ(database.execAndGet("PRAGMA user_version").getInt(), 2);
  EXPECT_EQ(database.execAndGet("SELECT x FROM old").getInt(), 2);
  SQLite::Database copy(path() + ".v1", SQLite::OPEN_READONLY);
  EXPECT_EQ(copy.execAndGet("SELECT x FROM old").getInt(), 1);
  EXPECT_TRUE(migrate(database, good).has_value()) << "nothing to do";
  EXPECT_EQ(migrate(database, first).error().kind, Kind::kNewer);
}

TEST_F(CatalogueTest, SaysWhenThereIsNoFolderForIt) {
  EXPECT_EQ(Catalogue::open((temp_ / "none/catalogue.db").string()).error().kind, Kind::kNotFound);
  EXPECT_EQ(Catalogue::open_read_only(path()).error().kind, Kind::kNotFound);
}

}  // namespace
}  // namespace essaim::storage
