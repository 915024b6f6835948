#include "access/proquint.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace essaim::access {
namespace {

TEST(Proquint, SaysTheAddressesOfItsPaper) {
  struct Case {
    std::array<std::uint8_t, 4> address;
    std::string_view words;
  };
  constexpr std::array kCases{
      Case{{127, 0, 0, 1}, "lusab-babad"},      Case{{63, 84, 220, 193}, "gutih-tugad"},
      Case{{63, 118, 7, 35}, "gutuk-bisog"},    Case{{140, 98, 193, 141}, "mudof-sakat"},
      Case{{64, 255, 6, 200}, "haguz-biram"},   Case{{128, 30, 52, 45}, "mabiv-gibot"},
      Case{{147, 67, 119, 2}, "natag-lisaf"},   Case{{212, 58, 253, 68}, "tibup-zujah"},
      Case{{216, 35, 68, 215}, "tobog-higil"},  Case{{216, 68, 232, 21}, "todah-vobij"},
      Case{{198, 81, 129, 136}, "sinid-makam"}, Case{{12, 110, 110, 204}, "budov-kuras"},
  };
  for (const Case& each : kCases) EXPECT_EQ(to_proquints(each.address), each.words);
}

TEST(Proquint, SaysAllOfAPeerIdInTenWords) {
  EXPECT_EQ(words_of(PeerId{"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}),
            "babab-babab-babab-babab-babab-babab-babab-babab-babab-babab");
  EXPECT_EQ(words_of(PeerId{"77777777777777777777777777777777"}),
            "zuzuz-zuzuz-zuzuz-zuzuz-zuzuz-zuzuz-zuzuz-zuzuz-zuzuz-zuzuz");
  const std::string words = words_of(PeerId{"mfrggzdfmztwq2lknnwg23tpobyxe43u"});
  EXPECT_EQ(words.size(), 59U);
  EXPECT_EQ(std::ranges::count(words, '-'), 9);
}

TEST(Proquint, HasNoWordsForAnIdThatIsNoKeys) {
  EXPECT_EQ(words_of(PeerId{""}), "");
  EXPECT_EQ(words_of(PeerId{"old-peer"}), "");
  EXPECT_EQ(words_of(PeerId{"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}), "");
}

}  // namespace
}  // namespace essaim::access
