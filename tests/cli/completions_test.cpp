// The shells offer what the program understands.
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "cli/arguments.hpp"

namespace essaim::cli {
namespace {

std::string help_of(const std::vector<std::string>& words) {
  const auto said = parse_arguments(words);
  return said ? "" : said.error().text;
}

// All matches of the pattern's first group.
std::set<std::string> found_in(const std::string& text, const char* pattern) {
  const std::regex each(pattern);
  std::set<std::string> found;
  for (std::sregex_iterator at(text.begin(), text.end(), each), end; at != end; ++at) found.insert((*at)[1]);
  return found;
}

TEST(Completions, KnowEveryCommandAndEveryOption) {
  constexpr const char* kCommand = R"(\n  ([a-z]+) +[A-Z])";
  std::set<std::string> commands = found_in(help_of({"--help"}), kCommand);
  std::set<std::string> verbs;
  ASSERT_TRUE(commands.contains("get") && commands.contains("verify"));
  std::set<std::string> options = found_in(help_of({"--help"}), R"(--([a-z-]+))");
  for (const std::string& command : commands) {
    const std::string help = help_of({command, "--help"});
    options.merge(found_in(help, R"(--([a-z-]+))"));
    for (const std::string& verb : found_in(help, kCommand)) {
      verbs.insert(verb);
      options.merge(found_in(help_of({command, verb, "--help"}), R"(--([a-z-]+))"));
    }
  }
  commands.merge(verbs);
  ASSERT_TRUE(options.contains("down-limit") && options.contains("watch") && options.contains("replace"));
  for (const char* const name : {"essaim.bash", "_essaim", "essaim.fish"}) {
    std::ifstream file(std::string(ESSAIM_COMPLETIONS "/") + name);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    for (const std::string& command : commands) {
      EXPECT_TRUE(std::regex_search(text, std::regex("\\b" + command + "\\b"))) << name << ": " << command;
    }
    for (const std::string& option : options) {
      EXPECT_TRUE(std::regex_search(text, std::regex("(--|-l )" + option + "\\b"))) << name << ": --" << option;
    }
  }
}

}  // namespace
}  // namespace essaim::cli
