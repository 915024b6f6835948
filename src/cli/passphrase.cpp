#include "cli/passphrase.hpp"

#include <fstream>
#include <iostream>
#include <istream>
#include <utility>

#include "node/identity_export.hpp"

namespace essaim::cli {
namespace {

using node::Outcome;

std::unexpected<node::Failure> refuse(std::string message) {
  return fail(node::Failure{node::FailureCode::kUsage, std::move(message)});
}

Outcome<std::string> first_line(std::istream& stream, const std::string& name) {
  std::string text(node::kPassphraseBytesMax + 1, '\0');
  stream.getline(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(std::char_traits<char>::length(text.c_str()));
  if (stream.bad() || (stream.fail() && !stream.eof()) || text.empty()) {
    return refuse("There is no passphrase in the first line of " + name + ", or one of more than " +
                  std::to_string(node::kPassphraseBytesMax) + " bytes.");
  }
  return text;
}

Outcome<std::string> typed(const Output::Screen& screen, std::string_view prompt) {
  auto text = screen.ask_secret ? screen.ask_secret(prompt) : std::nullopt;
  if (text) return std::move(*text);
  return refuse("No passphrase was given. Without a terminal, name a file that has it: --passphrase-file FILE.");
}

}  // namespace

Outcome<std::string> read_passphrase(const PassphraseSource& source, const Output::Screen& screen) {
  if (source.file == "-") return first_line(std::cin, "standard input");
  if (source.file) {
    std::ifstream file(*source.file, std::ios::binary);
    if (!file.is_open()) return fail(node::Failure{node::FailureCode::kNotFound, *source.file + " can't be read."});
    return first_line(file, *source.file);
  }
  auto first = typed(screen, "Passphrase: ");
  if (!first || source.times == PassphraseSource::Times::kOnce) return first;
  const auto second = typed(screen, "The same again: ");
  if (!second) return second;
  if (*second != *first) return refuse("The two are not the same. Try again.");
  return first;
}

}  // namespace essaim::cli
