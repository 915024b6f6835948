#include "cli/qr_code.hpp"

#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace essaim::cli {
namespace {

const std::string kText = "essaim-peer:mfrggzdfmztwq2lknnwg23tpobyxe43u";

// Takes `what` off the front of `line`, if it is there.
bool take(std::string_view& line, std::string_view what) {
  if (!line.starts_with(what)) return false;
  line.remove_prefix(what.size());
  return true;
}

// The rows of modules that a picture shows: '#' is drawn, '.' is not. Escape codes are passed over.
std::vector<std::string> modules_of(const std::string& picture) {
  std::vector<std::string> rows;
  std::istringstream lines(picture);
  for (std::string text; std::getline(lines, text);) {
    std::string upper;
    std::string lower;
    for (std::string_view line = text; !line.empty();) {
      if (line.front() == '\x1b') {
        line.remove_prefix(line.find('m') + 1);
        continue;
      }
      const bool both = take(line, "█");
      const bool top = !both && take(line, "▀");
      const bool bottom = !both && !top && take(line, "▄");
      if (!both && !top && !bottom) EXPECT_TRUE(take(line, " "));
      upper += both || top ? '#' : '.';
      lower += both || bottom ? '#' : '.';
    }
    rows.push_back(upper);
    rows.push_back(lower);
  }
  return rows;
}

TEST(QrCode, HasItsMarginAndItsThreeFinders) {
  const auto picture = qr_code(kText, QrColours::kBlackOnWhite);
  ASSERT_TRUE(picture);
  const std::vector<std::string> rows = modules_of(*picture);
  const std::size_t side = rows.front().size();
  ASSERT_EQ(side, 37U) << "version 3 has 29 modules, and a margin of 4 on each side";
  ASSERT_EQ(rows.size(), side + 1);
  for (const std::string& row : rows) {
    ASSERT_EQ(row.size(), side);
    EXPECT_EQ(row.substr(0, 4) + row.substr(side - 4), "........");
  }
  const std::vector<std::string> finder{"#######", "#.....#", "#.###.#", "#.###.#", "#.###.#", "#.....#", "#######"};
  const std::size_t far = side - 4 - 7;
  for (std::size_t i = 0; i < finder.size(); ++i) {
    EXPECT_EQ(rows[4 + i].substr(4, 7), finder[i]);
    EXPECT_EQ(rows[4 + i].substr(far, 7), finder[i]);
    EXPECT_EQ(rows[far + i].substr(4, 7), finder[i]);
  }
}

TEST(QrCode, DrawsWhatIsLightWhereTheGroundIsTheTerminals) {
  const auto dark = modules_of(*qr_code(kText, QrColours::kBlackOnWhite));
  const auto light = modules_of(*qr_code(kText, QrColours::kTerminal));
  ASSERT_EQ(dark.size(), light.size());
  for (std::size_t i = 0; i < dark.size(); ++i) {
    for (std::size_t j = 0; j < dark[i].size(); ++j) EXPECT_NE(dark[i][j], light[i][j]);
  }
  EXPECT_EQ(qr_code(kText, QrColours::kTerminal)->find('\x1b'), std::string::npos);
}

TEST(QrCode, RefusesWhatACodeCannotHold) {
  EXPECT_FALSE(qr_code("", QrColours::kTerminal));
  EXPECT_FALSE(qr_code(std::string("a\0b", 3), QrColours::kTerminal));
  EXPECT_TRUE(qr_code(std::string(2953, 'x'), QrColours::kTerminal));
  EXPECT_FALSE(qr_code(std::string(2954, 'x'), QrColours::kTerminal));
}

}  // namespace
}  // namespace essaim::cli
