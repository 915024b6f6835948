#include "api/target.hpp"

#include <gtest/gtest.h>

#include "api/limits.hpp"

namespace essaim::api {
namespace {

TEST(Target, IsTakenApartBeforeItIsDecoded) {
  const auto target = parse_target("/api/v1/shares/a%2Fb%20c?peer=bob%26&path=x=y&empty=&bare");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->parts, (std::vector<std::string>{"api", "v1", "shares", "a/b c"}));
  const std::map<std::string, std::string> query{{"peer", "bob&"}, {"path", "x=y"}, {"empty", ""}, {"bare", ""}};
  EXPECT_EQ(target->query, query);
}

TEST(Target, RefusesWhatIsNotOne) {
  const std::vector<std::pair<std::string, TargetError>> cases{
      {"", TargetError::kNotAbsolute},        {"api", TargetError::kNotAbsolute},
      {"//api", TargetError::kEmptyPart},     {"/api/", TargetError::kEmptyPart},
      {"/a//b", TargetError::kEmptyPart},     {"/%2", TargetError::kBadEscape},
      {"/%zz", TargetError::kBadEscape},      {"/%", TargetError::kBadEscape},
      {"/a?x=%f", TargetError::kBadEscape},   {"/%ff", TargetError::kNotUtf8},
      {"/a?x=%c0%80", TargetError::kNotUtf8}, {"/a?x=1&x=2", TargetError::kRepeatedField},
  };
  for (const auto& [text, error] : cases) {
    const auto target = parse_target(text);
    ASSERT_FALSE(target) << text;
    EXPECT_EQ(to_string(target.error()), to_string(error)) << text;
  }
}

TEST(Target, LimitsHowManyPartsAndFieldsItHas) {
  std::string parts;
  std::string fields = "/a?";
  for (std::size_t i = 0; i < kTargetPartsMax; ++i) {
    parts += "/p";
    fields += "f" + std::to_string(i) + "=1&";
  }
  EXPECT_TRUE(parse_target(parts));
  EXPECT_TRUE(parse_target(fields));
  EXPECT_FALSE(parse_target(parts + "/p"));
  EXPECT_FALSE(parse_target(fields + "more=1"));
}

TEST(Target, GivesBackWhatWasEncoded) {
  const std::string odd = "a/b?c=d&e%f+g h\xC3\xA9~";
  const auto target = parse_target("/" + percent_encode(odd) + "?k=" + percent_encode(odd));
  ASSERT_TRUE(target);
  EXPECT_EQ(target->parts.front(), odd);
  EXPECT_EQ(target->query.at("k"), odd);
}

}  // namespace
}  // namespace essaim::api
