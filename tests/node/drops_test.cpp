// What is handed in to be shared.
#include "node/drops.hpp"

#include <gtest/gtest.h>

#include "support/node_fixture.hpp"

namespace essaim::node {
namespace {

class DropsTest : public test::NodeTest {
 protected:
  Outcome<std::string> begin() {
    return node->ask([](Facade& facade) { return facade.begin_drop(); });
  }
  Outcome<void> add(const std::string& id, const std::string& path, const std::string& content) {
    return node->ask(
        [&](Facade& facade) { return adding(facade, {.id = id, .path = path, .size = content.size()}, content); });
  }
  Outcome<ShareView> share(const std::string& id, const std::string& audience = "everyone") {
    return node->ask([&](Facade& facade) { return facade.share_drop(id, audience); });
  }
  [[nodiscard]] std::vector<std::string> there() const { return names_in(in("alice")); }
  [[nodiscard]] std::string content_of(const std::string& name) const {
    return test::read_file(in("alice") / kDropsFolder / name);
  }

  std::unique_ptr<test::RunningNode> node = start("alice");

 private:
  static boost::asio::awaitable<Outcome<void>> adding(Facade& facade, DropFileRequest request, std::string content) {
    const auto file = co_await facade.add_to_drop(std::move(request));
    if (!file) co_return fail(file.error());
    const std::size_t half = content.size() / 2;
    for (const std::string_view part :
         {std::string_view(content).substr(0, half), std::string_view(content).substr(half)}) {
      const Outcome<void> written = co_await (*file)->write(as_bytes(part));
      if (!written) co_return fail(written.error());
    }
    co_return co_await (*file)->finish();
  }
};

TEST_F(DropsTest, AreSharedUnderTheirOwnName) {
  const auto id = begin();
  ASSERT_TRUE(id);
  ASSERT_TRUE(add(*id, "talk.txt", "what was said"));
  const auto view = share(*id);
  ASSERT_TRUE(view) << view.error().message;
  EXPECT_EQ(view->name, "talk.txt");
  EXPECT_EQ(view->kind, EntryKind::kFile);
  EXPECT_EQ(content_of("talk.txt"), "what was said");
  EXPECT_EQ(there(), (std::vector<std::string>{"Shared from the page", "Shared from the page/talk.txt"}));
}

TEST_F(DropsTest, MayBeFolders) {
  const auto id = begin();
  ASSERT_TRUE(add(*id, "Photos/2024/sea.jpg", "blue"));
  ASSERT_TRUE(add(*id, "Photos/note", "n"));
  const auto view = share(*id);
  ASSERT_TRUE(view) << view.error().message;
  EXPECT_EQ(view->kind, EntryKind::kTree);
  EXPECT_EQ(content_of("Photos/2024/sea.jpg"), "blue");
}

TEST_F(DropsTest, TakeNoNameFromAnyoneElse) {
  for (const char* content : {"first", "second"}) {
    const auto id = begin();
    ASSERT_TRUE(add(*id, "same.txt", content));
    ASSERT_TRUE(share(*id));
  }
  EXPECT_EQ(content_of("same.txt"), "first");
  EXPECT_EQ(content_of("same (2).txt"), "second");
}

TEST_F(DropsTest, StayInTheirFolder) {
  const auto id = begin();
  for (const char* path : {"../out.txt", "/etc/passwd", "a/../../b", "", ".", "..", "a//b", "a/", "a\nb"}) {
    const auto added = add(*id, path, "x");
    ASSERT_FALSE(added) << path;
    EXPECT_EQ(added.error().code, FailureCode::kUsage) << path;
  }
  EXPECT_FALSE(add("12345", "a", "x"));
  ASSERT_TRUE(add(*id, "a", "x"));
  EXPECT_FALSE(add(*id, "a", "y"));
  ASSERT_TRUE(share(*id));
  EXPECT_EQ(content_of("a"), "x");
}

TEST_F(DropsTest, AreOneThingEach) {
  const auto empty = begin();
  EXPECT_EQ(share(*empty).error().code, FailureCode::kUsage);
  const auto two = begin();
  ASSERT_TRUE(add(*two, "a", "x"));
  ASSERT_TRUE(add(*two, "b", "x"));
  EXPECT_EQ(share(*two).error().code, FailureCode::kUsage);
  EXPECT_EQ(share(*two).error().code, FailureCode::kNotFound);
  EXPECT_EQ(there(), (std::vector<std::string>{"Shared from the page"}));
}

TEST_F(DropsTest, LeaveNothingBehindWhenTheyAreDiscarded) {
  const auto id = begin();
  ASSERT_TRUE(add(*id, "a/b", "x"));
  EXPECT_TRUE(node->ask([&](Facade& facade) { return facade.discard_drop(*id); }));
  EXPECT_FALSE(node->ask([&](Facade& facade) { return facade.discard_drop(*id); }));
  EXPECT_EQ(there(), (std::vector<std::string>{"Shared from the page"}));
}

TEST_F(DropsTest, LeaveNothingBehindWhenTheNodeStops) {
  ASSERT_TRUE(add(*begin(), "a", "x"));
  EXPECT_TRUE(node->stop());
  EXPECT_EQ(there(), (std::vector<std::string>{"Shared from the page"}));
}

TEST_F(DropsTest, RemoveWhatACrashHasLeft) {
  test::write_file(in("alice") / kDropsFolder / ".drop-3.essaim-part" / "a" / "b", "x");
  test::write_file(in("alice") / kDropsFolder / "kept.txt", "x");
  ASSERT_TRUE(begin());
  EXPECT_FALSE(std::filesystem::exists(in("alice") / kDropsFolder / ".drop-3.essaim-part" / "a"));
  EXPECT_EQ(content_of("kept.txt"), "x");
}

TEST_F(DropsTest, AreOnlySoMany) {
  for (std::size_t i = 0; i < kDropsMax; ++i) ASSERT_TRUE(begin());
  EXPECT_EQ(begin().error().code, FailureCode::kRefused);
  EXPECT_TRUE(node->ask([&](Facade& facade) { return facade.discard_drop("1"); }));
  EXPECT_TRUE(begin());
}

}  // namespace
}  // namespace essaim::node
