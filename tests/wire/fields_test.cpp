#include "wire/fields.hpp"

#include <gtest/gtest.h>

#include "wire/json.hpp"

namespace essaim::wire {
namespace {

const FieldFault kOutOfRangeN{FieldError::kOutOfRange, "n"};
const FieldFault kWrongTypeN{FieldError::kWrongType, "n"};

boost::json::object object(std::string_view text) { return parse_object(text).value(); }

TEST(FieldReader, KeepsItsFirstFault) {
  const boost::json::object fields = object(R"({"a":1,"b":"text"})");
  FieldReader in(fields);
  EXPECT_EQ(in.text("a", 10), "");
  EXPECT_EQ(in.integer("missing", Range<std::uint8_t>{0, 9}), 0);
  EXPECT_EQ(in.text("b", 10), "");
  EXPECT_EQ(in.fault(), (FieldFault{FieldError::kWrongType, "a"}));
}

TEST(FieldReader, TellsAbsentFromWrong) {
  const boost::json::object fields = object(R"({"null":null,"n":-1})");
  FieldReader in(fields);
  EXPECT_EQ(in.find_text("none", 10), std::nullopt);
  EXPECT_EQ(in.find_text("null", 10), std::nullopt);
  EXPECT_EQ(in.find_integer("none", Range<std::uint8_t>{0, 9}), std::nullopt);
  EXPECT_EQ(in.find_object("null"), nullptr);
  EXPECT_FALSE(in.flag("none"));
  EXPECT_TRUE(in.find_array("none", 3).empty());
  EXPECT_FALSE(in.fault());
  EXPECT_EQ(in.find_signed("n"), -1);
  EXPECT_FALSE(in.fault());
  EXPECT_EQ(in.find_object("n"), nullptr);
  EXPECT_EQ(in.fault(), kWrongTypeN);
}

TEST(FieldReader, TakesIntegersWithinTheirRangeOnly) {
  struct Case {
    std::string_view text;
    std::optional<FieldFault> exact;
    std::optional<FieldFault> doubles;
  };
  const Case cases[] = {
      {R"({"n":4})", kOutOfRangeN, kOutOfRangeN},
      {R"({"n":5})", std::nullopt, std::nullopt},
      {R"({"n":7})", std::nullopt, std::nullopt},
      {R"({"n":8})", kOutOfRangeN, kOutOfRangeN},
      {R"({"n":-5})", kOutOfRangeN, kOutOfRangeN},
      {R"({"n":5.0})", kWrongTypeN, std::nullopt},
      {R"({"n":5e0})", kWrongTypeN, std::nullopt},
      {R"({"n":5.5})", kWrongTypeN, kWrongTypeN},
      {R"({"n":-5.0})", kWrongTypeN, kOutOfRangeN},
      {R"({"n":1e300})", kWrongTypeN, kOutOfRangeN},
      {R"({"n":"5"})", kWrongTypeN, kWrongTypeN},
      {R"({"n":true})", kWrongTypeN, kWrongTypeN},
      {R"({"n":[5]})", kWrongTypeN, kWrongTypeN},
      {R"({"n":18446744073709551616})", kWrongTypeN, kOutOfRangeN},
      {R"({"n":18446744073709551615})", kOutOfRangeN, kOutOfRangeN},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.text);
    const boost::json::object fields = object(c.text);
    FieldReader exact(fields);
    static_cast<void>(exact.integer("n", Range<std::uint8_t>{5, 7}));
    EXPECT_EQ(exact.fault(), c.exact);
    FieldReader doubles(fields, Integers::kIntegralDoubles);
    static_cast<void>(doubles.integer("n", Range<std::uint8_t>{5, 7}));
    EXPECT_EQ(doubles.fault(), c.doubles);
  }
}

TEST(FieldReader, TakesIntegralDoublesUpToTheLastExactOne) {
  const boost::json::object fields = object(R"({"n":9007199254740992.0,"m":9007199254740994.0})");
  FieldReader in(fields, Integers::kIntegralDoubles);
  EXPECT_EQ(in.integer("n", Range<std::uint64_t>{0, ~std::uint64_t{0}}), std::uint64_t{1} << 53U);
  static_cast<void>(in.integer("m", Range<std::uint64_t>{0, ~std::uint64_t{0}}));
  EXPECT_EQ(in.fault(), (FieldFault{FieldError::kOutOfRange, "m"}));
}

TEST(FieldReader, BoundsTextsInBytes) {
  const boost::json::object fields = object(R"({"t":"éé"})");
  FieldReader in(fields);
  EXPECT_EQ(in.text("t", 4), "éé");
  EXPECT_EQ(in.text("t", 3), "");
  EXPECT_EQ(in.fault(), (FieldFault{FieldError::kTooLong, "t"}));
}

TEST(FieldReader, NamesTheFieldOfAnElementThatIsWrong) {
  const boost::json::object fields = object(R"({"list":[{"x":1},{"x":2},{"y":3},{"x":4}]})");
  FieldReader in(fields);
  std::vector<std::uint32_t> seen;
  in.each_object("list", 4, [&](FieldReader& element) {
    const auto x = element.integer("x", Range<std::uint32_t>{0, 9});
    if (!element.fault()) seen.push_back(x);
  });
  EXPECT_EQ(seen, (std::vector<std::uint32_t>{1, 2}));
  EXPECT_EQ(in.fault(), (FieldFault{FieldError::kMissing, "x"}));
}

}  // namespace
}  // namespace essaim::wire
