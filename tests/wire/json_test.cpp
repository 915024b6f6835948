#include "wire/json.hpp"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "base/text.hpp"
#include "wire/limits.hpp"

namespace essaim::wire {
namespace {

std::string repeat(std::string_view text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

// "ok", or why the text is refused. The syntax cases are in tests/vectors/wire_frames.json.
std::string verdict(std::string_view text) {
  const auto object = parse_object(text);
  return std::string(object ? "ok" : to_string(object.error()));
}

TEST(ParseObject, BoundsDepth) {
  const auto nested = [](std::size_t depth) { return repeat(R"({"a":)", depth) + "1" + repeat("}", depth); };
  EXPECT_EQ(verdict(nested(kJsonDepthMax - 1)), "ok");
  EXPECT_EQ(verdict(nested(kJsonDepthMax)), "ok");
  EXPECT_EQ(verdict(nested(kJsonDepthMax + 1)), "JSON nested too deep");
  EXPECT_EQ(verdict(R"({"a":)" + repeat("[", 1'000'000)), "JSON nested too deep");
}

std::string object_of_keys(std::size_t count) {
  std::string text = "{";
  for (std::size_t i = 0; i < count; ++i) text += (i > 0 ? "," : "") + ("\"" + std::to_string(i) + "\":0");
  return text + "}";
}

TEST(ParseObject, BoundsTheKeysOfEachObject) {
  EXPECT_EQ(verdict(object_of_keys(kKeysPerObjectMax - 1)), "ok");
  EXPECT_EQ(verdict(object_of_keys(kKeysPerObjectMax)), "ok");
  EXPECT_EQ(verdict(object_of_keys(kKeysPerObjectMax + 1)), "too many keys in one JSON object");
  const std::string full = object_of_keys(kKeysPerObjectMax);
  EXPECT_EQ(verdict(R"({"a":)" + full + R"(,"b":[)" + full + "," + full + "]}"), "ok");
}

TEST(ParseObject, BoundsTheNumberOfValues) {
  const auto with_values = [](std::size_t count) {  // the object and the array are two of them
    return R"({"a":[)" + repeat("0,", count - 3) + "0]}";
  };
  EXPECT_EQ(verdict(with_values(kJsonValuesMax - 1)), "ok");
  EXPECT_EQ(verdict(with_values(kJsonValuesMax)), "ok");
  EXPECT_EQ(verdict(with_values(kJsonValuesMax + 1)), "too many JSON values");
}

TEST(ParseObject, RefusesAKeyTwiceWhereverItIs) {
  EXPECT_EQ(verdict(R"({"a":1,"b":2,"a":3})"), "a key twice in one JSON object");
  EXPECT_EQ(verdict(R"({"o":{"a":1,"p":{"a":2},"a":3}})"), "a key twice in one JSON object");
  EXPECT_EQ(verdict(R"({"a":{"a":{"a":1}},"b":{"a":1}})"), "ok");
  EXPECT_EQ(verdict(R"({"":1,"":2})"), "a key twice in one JSON object");
}

TEST(ParseObject, KeepsIntegersOf64BitsExact) {
  const auto object = parse_object(R"({"max":18446744073709551615,"min":-9223372036854775808})");
  ASSERT_TRUE(object.has_value());
  EXPECT_EQ(object->at("max").as_uint64(), 18446744073709551615ULL);
  EXPECT_EQ(object->at("min").as_int64(), std::numeric_limits<std::int64_t>::min());
}

TEST(ParseObject, TakesKeysAndTextsApartAndTogetherAgain) {
  const auto object = parse_object(R"({"a\tb\u00e9":"x\ud83d\ude00y"})");
  ASSERT_TRUE(object.has_value());
  EXPECT_EQ(wire::serialize(*object), "{\"a\\tb\u00e9\":\"x\U0001F600y\"}");
}

TEST(ParseObject, RefusesEveryBeginningOfAnObject) {
  const std::string text = R"({"type":"X","n":[1,-2.5e3,true,null,{"a":"\u00e9"}],"s":"é"})";
  ASSERT_EQ(verdict(text), "ok");
  for (std::size_t size = 0; size < text.size(); ++size) {
    EXPECT_EQ(verdict(text.substr(0, size)), "not well-formed JSON") << size;
  }
}

TEST(JsonText, IsAlwaysUtf8) {
  EXPECT_EQ(json_text("é\n"), "é\n");
  EXPECT_EQ(json_text("a\xFF"), "a\\xff");
}

TEST(ClipText, CutsBetweenCharacters) {
  const std::string text = "a\u00e9\U0001F600z";  // 1 + 2 + 4 + 1 bytes
  const std::size_t expected[] = {0, 1, 1, 3, 3, 3, 3, 7, 8, 8};
  for (std::size_t bytes_max = 0; bytes_max < std::size(expected); ++bytes_max) {
    EXPECT_EQ(clip_text(text, bytes_max).size(), expected[bytes_max]) << bytes_max;
  }
  EXPECT_EQ(clip_text("\x80\x80\x80", 2), "");
}

}  // namespace
}  // namespace essaim::wire
