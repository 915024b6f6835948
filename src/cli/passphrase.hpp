// Where a passphrase comes from. Never from the words of the command line, which others can see.
#pragma once
#include <optional>
#include <string>

#include "cli/output.hpp"
#include "node/views.hpp"

namespace essaim::cli {

struct PassphraseSource {
  enum class Times { kOnce, kTwice };  // typed; twice where a mistake could not be mended later
  std::optional<std::string> file;     // its first line; "-" is standard input
  Times times = Times::kOnce;
};

// Asks on the terminal where no file is given. kUsage where there is no terminal, or the two differ.
[[nodiscard]] node::Outcome<std::string> read_passphrase(const PassphraseSource& source, const Output::Screen& screen);

}  // namespace essaim::cli
