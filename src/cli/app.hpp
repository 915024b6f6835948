// The program: a command line in, an exit code out.
#pragma once
#include <span>
#include <string>

#include "cli/answer_line.hpp"
#include "cli/exit_code.hpp"
#include "cli/node_runner.hpp"
#include "cli/output.hpp"
#include "node/places.hpp"

namespace essaim::cli {

// What the program is started with, besides its words.
struct Surroundings {
  Output::Screen screen;
  NodeRunner& runner;
  node::Environment environment;
  std::string working_folder;  // absolute
  Input input;
};

[[nodiscard]] ExitCode run_program(std::span<const std::string> words, const Surroundings& surroundings);

}  // namespace essaim::cli
