// Every route by which a name comes in, with every hostile name.
#include <algorithm>
#include <string>

#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>

#include "base/safe_path.hpp"
#include "base/text.hpp"
#include "content/content_id.hpp"
#include "content/link.hpp"
#include "content/percent.hpp"
#include "content/tree.hpp"
#include "storage/directory.hpp"
#include "storage/part_name.hpp"
#include "support/hostile_names.hpp"
#include "support/temp_dir.hpp"
#include "wire/classic_message.hpp"
#include "wire/json.hpp"
#include "wire/message.hpp"

namespace essaim {
namespace {

using test::HostileName;

const std::vector<HostileName>& names() {
  static const std::vector<HostileName> kNames = test::hostile_names_all();
  return kNames;
}

bool one_part(const std::string& text) { return text.find('/') == std::string::npos; }

TEST(HostileNames, AreMoreThanTwoThousand) { EXPECT_GE(names().size(), 2000U); }

TEST(HostileNames, BecomeAPathOnlyWhereTheyNameSomethingBelowTheirFolder) {
  for (const HostileName& name : names()) {
    const auto path = SafePath::parse(name.text);
    EXPECT_EQ(path.has_value(), !name.forbidden) << printable(name.text);
    if (!path) continue;
    EXPECT_EQ(path->text(), name.text) << "a name is taken as it is or not at all";
    for (const std::string_view part : path->parts()) EXPECT_TRUE(part != ".." && part != "." && !part.empty());
  }
}

TEST(HostileNames, ComeFromADocumentOfAFolderOnlyIfAllowed) {
  const std::string id = content::content_id_text(ContentId());
  for (const HostileName& name : names()) {
    if (!one_part(name.text)) continue;  // else its folders would be missing, which is refused for another reason
    const std::string document = "essaim tree 1\nf\t1\t0\t" + id + "\t" + name.text + "\n";
    EXPECT_EQ(content::parse_tree(as_bytes(document)).has_value(), !name.forbidden) << printable(name.text);
  }
}

TEST(HostileNames, ComeFromALinkOnlyIfAllowedAndOfOnePart) {
  const std::string id = content::content_id_text(ContentId());
  for (const HostileName& name : names()) {
    if (name.text.empty()) continue;  // as good as none
    const auto link = content::parse_link("essaim:" + id + "?name=" + content::percent_encode(name.text));
    const bool too_long = 3 * name.text.size() > 1900 && !link;
    EXPECT_EQ(link.has_value(), !name.forbidden && one_part(name.text)) << printable(name.text) << too_long;
  }
}

// The messages of level 1 that carry paths; each is refused as a whole.
TEST(HostileNames, ComeFromAPeersListsAndQuestionsOnlyIfAllowed) {
  for (const HostileName& name : names()) {
    if (!is_utf8(name.text)) continue;  // no JSON text can hold it
    const boost::json::object entry{{"path", name.text}, {"kind", "file"}};
    for (const char* type : {"FILE_LIST_RESPONSE", "SEARCH_RESULT", "FILE_LIST_REQUEST"}) {
      boost::json::object object{{"type", type}, {"id", 1}};
      const bool asks = type == std::string_view("FILE_LIST_REQUEST");
      asks ? object["path"] = name.text : object["entries"] = boost::json::array{entry};
      const auto message = wire::parse_message({.object = object});
      const bool means_all = asks && name.text.empty();
      EXPECT_EQ(message.has_value(), !name.forbidden || means_all) << type << ' ' << printable(name.text);
    }
  }
}

TEST(HostileNames, ThatAreNoUtf8AreNoJson) {
  for (const HostileName& name : names()) {
    if (is_utf8(name.text)) continue;
    EXPECT_FALSE(wire::parse_object(R"({"type":"FILE_LIST_REQUEST","path":")" + name.text + "\"}"));
    EXPECT_TRUE(is_utf8(std::string(wire::json_text(name.text)))) << "what we write of it is readable";
  }
}

TEST(HostileNames, AreHarmlessWhereTheyAreShown) {
  for (const HostileName& name : names()) {
    const std::string shown = printable(name.text);
    EXPECT_TRUE(is_utf8(shown));
    EXPECT_TRUE(std::ranges::none_of(shown, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }));
    for (const char* hidden :
         {"\u202E", "\u2066", "\u2069", "\u200B", "\uFEFF", "\u00AD", "\u2028", "\u061C", "\u0085"}) {
      EXPECT_EQ(shown.find(hidden), std::string::npos) << shown;
    }
  }
}

// On a real disk: whatever is allowed stays below its folder, through every step of a download.
TEST(HostileNames, StayInTheirFolderOnTheDisk) {
  const test::TempDir temp;
  const auto root = storage::Directory::make((temp / "root").string()).value();
  std::size_t made = 0;
  for (const HostileName& name : names()) {
    const auto path = SafePath::parse(name.text);
    if (!path || !one_part(name.text)) continue;
    const SafePath part = storage::part_name_of(*path, 1);
    ASSERT_TRUE(root.create_file(part)) << printable(name.text);
    const SafePath final_name = storage::clash_name_of(*path, 2);
    const auto renamed = root.rename_no_replace({.from = part, .to = final_name});
    ASSERT_TRUE(renamed || renamed.error().kind == storage::StorageError::Kind::kExists) << printable(name.text);
    EXPECT_TRUE(root.remove(renamed ? final_name : part));
    ++made;
  }
  EXPECT_GT(made, 200U);
  EXPECT_TRUE(root.list()->empty());
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(temp.path()), {}), 1) << "nothing beside the folder";
}

}  // namespace
}  // namespace essaim
