// From the words of the command line to what they mean. Looks at nothing else: no file, no environment.
#pragma once
#include <span>
#include <string>

#include "base/result.hpp"
#include "cli/exit_code.hpp"
#include "cli/options.hpp"

namespace essaim::cli {

// Why there is nothing to do: help or the version was asked for (kDone), or a word makes no sense (kUsage).
struct Said {
  std::string text;  // with its line end
  ExitCode code = ExitCode::kUsage;
};

// `words`: without the program's name.
[[nodiscard]] Expected<Invocation, Said> parse_arguments(std::span<const std::string> words);

}  // namespace essaim::cli
