#include "cli/arguments.hpp"

#include <sstream>

#include <gtest/gtest.h>

namespace essaim::cli {
namespace {

// Words parted by spaces; '' stands for an empty one.
Expected<Invocation, Said> parse(const std::string& line) {
  std::istringstream stream(line);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word == "''" ? "" : word);
  return parse_arguments(words);
}

template <class Options>
Options parsed(const std::string& line) {
  const auto invocation = parse(line);
  if (!invocation) ADD_FAILURE() << invocation.error().text;
  if (!invocation || !std::holds_alternative<Options>(invocation->command)) return {};
  return std::get<Options>(invocation->command);
}

TEST(Arguments, CommonOptionsStandBeforeOrAfterTheCommand) {
  for (const char* line :
       {"--home /h --json -q --log-level debug peers", "peers --home /h --json --quiet --log-level debug"}) {
    const auto invocation = parse(line);
    ASSERT_TRUE(invocation) << line;
    EXPECT_EQ(invocation->common.home, "/h");
    EXPECT_TRUE(invocation->common.json);
    EXPECT_TRUE(invocation->common.quiet);
    EXPECT_EQ(invocation->common.log_level, LogLevel::kDebug);
    EXPECT_TRUE(std::holds_alternative<PeersOptions>(invocation->command));
  }
  const auto plain = parse("status");
  ASSERT_TRUE(plain);
  EXPECT_FALSE(plain->common.home);
  EXPECT_FALSE(plain->common.json);
  EXPECT_EQ(plain->common.log_level, LogLevel::kWarning);
}

TEST(Arguments, IdentityHasTwoVerbs) {
  const auto out = parsed<IdentityOptions>("identity export me --passphrase-file -");
  EXPECT_EQ(out.verb, IdentityOptions::Verb::kExport);
  EXPECT_EQ(out.file, "me");
  EXPECT_EQ(out.passphrase_file, "-");
  const auto in = parsed<IdentityOptions>("identity import me --replace --home /h");
  EXPECT_EQ(in.verb, IdentityOptions::Verb::kImport);
  EXPECT_TRUE(in.replace);
  EXPECT_FALSE(parse("identity"));
  EXPECT_FALSE(parse("identity export"));
  EXPECT_FALSE(parse("identity export me --replace"));
}

TEST(Arguments, UpTakesPathsAndEveryNetworkOption) {
  const auto up = parsed<UpOptions>(
      "up a b --dest d --name studio --port 7001 --discovery-port 7000 --interface eth0 --interface wlan0 "
      "--peer host:5000 --peer [::1]:6000 --no-classic --up-limit 10M --down-limit off --web off");
  EXPECT_EQ(up.paths, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(up.settings.dest, "d");
  EXPECT_EQ(up.settings.name, "studio");
  EXPECT_EQ(up.settings.port, 7001);
  EXPECT_EQ(up.settings.discovery_port, 7000);
  EXPECT_EQ(up.settings.interfaces, (std::vector<std::string>{"eth0", "wlan0"}));
  EXPECT_EQ(up.settings.announce_to, (std::vector<std::string>{"host:5000", "[::1]:6000"}));
  EXPECT_EQ(up.settings.classic, false);
  EXPECT_EQ(up.settings.up_bytes_per_second, 10U << 20U);
  EXPECT_EQ(up.settings.down_bytes_per_second, 0U);
}

TEST(Arguments, WhatIsNotSaidStaysOpen) {
  const auto up = parsed<UpOptions>("up");
  EXPECT_TRUE(up.paths.empty());
  EXPECT_FALSE(up.settings.dest || up.settings.name || up.settings.port || up.settings.discovery_port);
  EXPECT_FALSE(up.settings.interfaces || up.settings.announce_to || up.settings.classic);
  EXPECT_FALSE(up.settings.up_bytes_per_second || up.settings.down_bytes_per_second);
}

TEST(Arguments, ARepeatableOptionTakesOneValueATime) {
  const auto get = parsed<GetOptions>("get --peer host:5000 a b -o out");
  EXPECT_EQ(get.targets, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(get.settings.announce_to, std::vector<std::string>{"host:5000"});
  EXPECT_EQ(get.dest, "out");
}

TEST(Arguments, ShareNamesTheShareAndNotThePeer) {
  const auto share = parsed<ShareOptions>("share talk.mp4 --name Talk --audience trusted");
  EXPECT_EQ(share.paths, std::vector<std::string>{"talk.mp4"});
  EXPECT_EQ(share.name, "Talk");
  EXPECT_EQ(share.audience, "trusted");
  EXPECT_FALSE(share.settings.name);
  EXPECT_FALSE(parsed<ShareOptions>("share a b").audience);
}

TEST(Arguments, EachCommandIsUnderstood) {
  EXPECT_EQ(parsed<UnshareOptions>("unshare Videos").name_or_path, "Videos");
  EXPECT_TRUE(parse("shares") && parse("stop") && parse("doctor") && parse("status"));
  EXPECT_TRUE(parsed<PeersOptions>("peers --watch").watch);
  EXPECT_TRUE(parsed<TransfersOptions>("transfers --watch").watch);
  EXPECT_EQ(parsed<LsOptions>("ls").place, "");
  EXPECT_EQ(parsed<LsOptions>("ls bob/Videos").place, "bob/Videos");
  EXPECT_EQ(parsed<SearchOptions>("search my talk").words, "my talk");
  EXPECT_EQ(parsed<SteerOptions>("pause t1 t2").ids, (std::vector<std::string>{"t1", "t2"}));
  EXPECT_EQ(parsed<SteerOptions>("pause t1").verb, SteerOptions::Verb::kPause);
  EXPECT_EQ(parsed<SteerOptions>("resume t1").verb, SteerOptions::Verb::kResume);
  EXPECT_EQ(parsed<SteerOptions>("cancel t1").verb, SteerOptions::Verb::kCancel);
  EXPECT_EQ(parsed<SteerOptions>("first t1").verb, SteerOptions::Verb::kFirst);
  const auto limit = parsed<SteerOptions>("limit 10k t1 t2");
  EXPECT_EQ(limit.verb, SteerOptions::Verb::kLimit);
  EXPECT_EQ(limit.bytes_per_second, 10'240U);
  EXPECT_EQ(limit.ids, (std::vector<std::string>{"t1", "t2"}));
  EXPECT_EQ(parsed<SteerOptions>("limit off t1").bytes_per_second, 0U);
  EXPECT_TRUE(parsed<GetOptions>("get --first a").first);
  EXPECT_EQ(parsed<HashOptions>("hash a").path, "a");
  const auto verify = parsed<VerifyOptions>("verify a essaim:x");
  EXPECT_EQ(verify.path, "a");
  EXPECT_EQ(verify.link, "essaim:x");
}

TEST(Arguments, CommandsAboutPeopleAreUnderstood) {
  const auto send = parsed<SendOptions>("send a b --to bob,carol --wait");
  EXPECT_EQ(send.paths, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(send.peers, (std::vector<std::string>{"bob", "carol"}));
  EXPECT_TRUE(send.wait);
  EXPECT_TRUE(parsed<InboxOptions>("inbox --sent").sent);
  EXPECT_EQ(parsed<AcceptOptions>("accept 3 -o in").dest, "in");
  EXPECT_EQ(parsed<RefuseOptions>("decline 3 4").ids, (std::vector<std::string>{"3", "4"}));
  EXPECT_EQ(parsed<RefuseOptions>("withdraw 3").verb, RefuseOptions::Verb::kWithdraw);
  EXPECT_EQ(parsed<PairOptions>("pair bob").peer, "bob");
  EXPECT_EQ(parsed<JudgeOptions>("trust bob").verb, JudgeOptions::Verb::kTrust);
  EXPECT_EQ(parsed<JudgeOptions>("block bob").verb, JudgeOptions::Verb::kBlock);
  EXPECT_EQ(parsed<JudgeOptions>("forget bob carol").peers, (std::vector<std::string>{"bob", "carol"}));
  const auto up = parsed<UpOptions>("up --accept-from trusted --accept-into in --accept-up-to 5M");
  EXPECT_EQ(up.settings.accept_from->whom->kind, access::Audience::Kind::kTrusted);
  EXPECT_EQ(up.settings.accept_into, "in");
  EXPECT_EQ(up.settings.accept_up_to, 5U * 1024 * 1024);
  EXPECT_FALSE(parse("send a"));
  EXPECT_FALSE(parse("up --accept-from somebody"));
}

TEST(Arguments, WhatMakesNoSenseIsSaidWithAHint) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"frobnicate", "frobnicate"},
      {"get", "TARGET"},
      {"get x --frobnicate", "--frobnicate"},
      {"get a b --stdout", "one TARGET"},
      {"get a --stdout -o out", "one TARGET"},
      {"get a --stdout --json", "--json"},
      {"share", "PATH"},
      {"limit fast t1", "no rate"},
      {"limit 10k", "ID"},
      {"share ''", "PATH"},
      {"share a b --name x", "one PATH"},
      {"up --port 0", "--port"},
      {"up --port 65536", "--port"},
      {"up --port x", "--port"},
      {"up --up-limit fast", "no rate"},
      {"up --peer nowhere", "HOST:PORT"},
      {"up --web 192.168.1.2:8080", "for the owner of this machine"},
      {"up --web 8080", "no place for the page"},
      {"peers --log-level loud", "loud"},
      {"verify a", "LINK"},
      {"status extra", "extra"},
  };
  for (const auto& [line, part] : cases) {
    const auto invocation = parse(line);
    ASSERT_FALSE(invocation) << line;
    EXPECT_EQ(invocation.error().code, ExitCode::kUsage) << line;
    EXPECT_NE(invocation.error().text.find(part), std::string::npos) << invocation.error().text;
    EXPECT_NE(invocation.error().text.find("--help'.\n"), std::string::npos) << invocation.error().text;
  }
}

TEST(Arguments, HelpAndVersionAreAnswers) {
  for (const char* line : {"--help", "-h", "get --help", "--version"}) {
    const auto invocation = parse(line);
    ASSERT_FALSE(invocation) << line;
    EXPECT_EQ(invocation.error().code, ExitCode::kDone) << line;
  }
  EXPECT_NE(parse("get --help").error().text.find("essaim get alice/Public"), std::string::npos);
  EXPECT_TRUE(parse("--version").error().text.starts_with("essaim "));
  EXPECT_EQ(parse("").error().code, ExitCode::kUsage);
}

}  // namespace
}  // namespace essaim::cli
