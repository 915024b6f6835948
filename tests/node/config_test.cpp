#include "node/config.hpp"

#include <gtest/gtest.h>

#include "support/temp_dir.hpp"

namespace essaim::node {
namespace {

class ConfigFile : public ::testing::Test {
 protected:
  Outcome<Config> read(const std::string& text, Settings given = {}) {
    test::write_file(dir / "config.toml", text);
    return with_config_file(dir.text(), std::move(given));
  }
  std::string message(const std::string& text) {
    const Outcome<Config> config = read(text);
    return config ? "fine" : config.error().message;
  }
  test::TempDir dir;
};

TEST_F(ConfigFile, MayBeMissing) {
  const Outcome<Config> config = with_config_file(dir.text(), {});
  ASSERT_TRUE(config);
  EXPECT_EQ(config->home, dir.text());
  EXPECT_FALSE(config->dest.empty());
  EXPECT_EQ(config->discovery_port, kDefaultDiscoveryPort);
  EXPECT_FALSE(config->port);
  EXPECT_TRUE(config->classic);
}

TEST_F(ConfigFile, SetsEverything) {
  const Outcome<Config> config = read(R"(
    dest = "/data/in"
    name = "studio"
    port = 7001
    discovery_port = 7000
    interfaces = ["eth0", "wlan0"]
    peers = ["10.0.0.7:5000"]
    classic = false
    up_limit = "10M"
    down_limit = 500000
    lanes = 2
    keep_unfinished_days = 0
  )");
  ASSERT_TRUE(config);
  EXPECT_EQ(config->dest, "/data/in");
  EXPECT_EQ(config->name, "studio");
  EXPECT_EQ(config->port, 7001);
  EXPECT_EQ(config->discovery_port, 7000);
  EXPECT_EQ(config->interfaces, (std::vector<std::string>{"eth0", "wlan0"}));
  EXPECT_EQ(config->announce_to, std::vector<std::string>{"10.0.0.7:5000"});
  EXPECT_FALSE(config->classic);
  EXPECT_EQ(config->up_bytes_per_second, 10U << 20U);
  EXPECT_EQ(config->down_bytes_per_second, 500'000U);
  EXPECT_EQ(config->lanes, 2U);
  EXPECT_EQ(config->keep_unfinished_days, 0U);
}

TEST_F(ConfigFile, GivesWayToTheCommandLine) {
  Settings given;
  given.port = 9001;
  given.classic = true;
  given.up_bytes_per_second = 0;
  given.interfaces = std::vector<std::string>{"lo"};
  const Outcome<Config> config =
      read("port = 7001\nclassic = false\nup_limit = 5\ninterfaces = [\"eth0\"]\nname = \"n\"", given);
  ASSERT_TRUE(config);
  EXPECT_EQ(config->port, 9001);
  EXPECT_TRUE(config->classic);
  EXPECT_EQ(config->up_bytes_per_second, 0U);
  EXPECT_EQ(config->interfaces, std::vector<std::string>{"lo"});
  EXPECT_EQ(config->name, "n");
}

TEST_F(ConfigFile, HasAPlaceForThePageOfThoseThatShowOne) {
  Settings shows;
  shows.shows_page = true;
  EXPECT_FALSE(read("")->page);
  EXPECT_FALSE(read("web = \"127.0.0.1:7000\"")->page);
  const auto usual = read("", shows)->page;
  ASSERT_TRUE(usual);
  EXPECT_EQ(usual->address.text(), "127.0.0.1:5080");
  EXPECT_TRUE(usual->or_next);
  const auto chosen = read("web = \"[::1]:7000\"", shows)->page;
  ASSERT_TRUE(chosen);
  EXPECT_EQ(chosen->address.text(), "[::1]:7000");
  EXPECT_FALSE(chosen->or_next);
  EXPECT_FALSE(read("web = \"off\"", shows)->page);
  shows.web = "off";
  EXPECT_FALSE(read("web = \"127.0.0.1:7000\"", shows)->page);
  Settings asked;
  asked.web = "127.0.0.1:0";
  EXPECT_TRUE(read("", asked)->page);
  EXPECT_NE(message("web = \"0.0.0.0:5080\"").find("for the owner of this machine"), std::string::npos);
}

TEST_F(ConfigFile, TakesItsPathsAgainstTheHome) {
  EXPECT_EQ(read("dest = \"../in\"")->dest, dir.path().parent_path() / "in");
}

TEST_F(ConfigFile, IsRefusedWithTheLineThatIsWrong) {
  const std::string start = dir.text() + "/config.toml, line 2: ";
  const std::vector<std::pair<std::string, std::string>> cases{
      {"\nprot = 1", "there is no setting `prot`"},
      {"\nname = 5", "`name` has to be a text in quotes"},
      {"\nport = 0", "`port` has to be a whole number from 1 to 65535"},
      {"\nport = 65536", "`port` has to be a whole number from 1 to 65535"},
      {"\nport = \"5001\"", "`port` has to be a whole number from 1 to 65535"},
      {"\nlanes = 65", "`lanes` has to be a whole number from 1 to 64"},
      {"\nlanes = 0", "`lanes` has to be a whole number from 1 to 64"},
      {"\nkeep_unfinished_days = 36501", "`keep_unfinished_days` has to be a whole number from 0 to 36500"},
      {"\nkeep_unfinished_days = -1", "`keep_unfinished_days` has to be a whole number from 0 to 36500"},
      {"\nclassic = 1", "`classic` has to be true or false"},
      {"\ninterfaces = \"eth0\"", "`interfaces` has to be a list of texts"},
      {"\ninterfaces = [\"eth0\", 5]", "`interfaces` has to be a list of texts"},
      {"\npeers = [\"nowhere\"]", "`peers` has to be a list of \"HOST:PORT\""},
      {"\nup_limit = \"fast\"", "`up_limit` has to be bytes a second, like 500000 or \"10M\""},
      {"\ndown_limit = -1", "`down_limit` has to be bytes a second, like 500000 or \"10M\""},
  };
  for (const auto& [text, what] : cases) EXPECT_EQ(message(text), start + what);
  EXPECT_TRUE(message("\nport = = 1").starts_with(start)) << message("\nport = = 1");
}

TEST_F(ConfigFile, HasALimit) {
  const std::string full(kConfigFileBytesMax - 1, '#');
  EXPECT_EQ(message(full), "fine");
  EXPECT_EQ(message(full + "#"), "fine");
  EXPECT_NE(message(full + "##").find("longer than"), std::string::npos);
}

TEST(Rate, IsBytesASecondWithAUnit) {
  const std::vector<std::pair<std::string, std::uint64_t>> rates{
      {"0", 0},       {"off", 0},        {"500", 500},          {"500k", 512'000},
      {"1K", 1024},   {"10M", 10 << 20}, {"1.5MiB", 1'572'864}, {"1G", 1ULL << 30U},
      {"2KiB", 2048},
  };
  for (const auto& [text, rate] : rates) EXPECT_EQ(parse_rate(text), rate) << text;
  for (const char* text : {"", "k", "-1", "1 M", "1X", "1iB", "1e9", "inf", "nan", "10Mx", "2000000G"}) {
    EXPECT_FALSE(parse_rate(text)) << text;
  }
}

TEST(HostAndPort, NeedsBoth) {
  for (const char* text : {"host:1", "10.0.0.1:65535", "[::1]:5000", "a.b-c:80"})
    EXPECT_TRUE(is_host_and_port(text)) << text;
  for (const char* text : {"", "host", ":80", "host:", "host:0", "host:65536", "host:x", "::1:80x", "::1", "a:b:80"}) {
    EXPECT_FALSE(is_host_and_port(text)) << text;
  }
}

}  // namespace
}  // namespace essaim::node
