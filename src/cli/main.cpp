#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include "cli/app.hpp"
#include "cli/terminal.hpp"
#include "node/places.hpp"

int main(int count, char** words) {
  using namespace essaim::cli;
  ignore_broken_pipes();
  const essaim::node::Environment environment = essaim::node::process_environment();
  const Output::Screen screen{std::cout,
                              std::cerr,
                              is_terminal(StandardStream::kOutput),
                              is_terminal(StandardStream::kError),
                              !environment("NO_COLOR").has_value(),
                              terminal_columns,
                              open_output_pipe,
                              ask_secret};
  const std::unique_ptr<NodeRunner> runner = make_node_runner();
  const std::vector<std::string> arguments(words + std::min(count, 1), words + count);
  std::error_code gone;
  const Surroundings surroundings{
      screen, *runner, environment, std::filesystem::current_path(gone).string(), {std::cin, kStandardInput}};
  return static_cast<int>(run_program(arguments, surroundings));
}
