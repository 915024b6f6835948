#include "cli/app.hpp"

#include <variant>

#include <boost/asio/io_context.hpp>

#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/interrupt.hpp"
#include "node/spdlog_log.hpp"

namespace essaim::cli {

ExitCode run_program(std::span<const std::string> words, const Surroundings& surroundings) {
  const Expected<Invocation, Said> invocation = parse_arguments(words);
  if (!invocation) {
    const Said& said = invocation.error();
    std::ostream& stream = said.code == ExitCode::kDone ? surroundings.screen.out : surroundings.screen.err;
    stream << said.text << std::flush;
    return said.code;
  }
  const CommonOptions& common = invocation->common;
  Output output(surroundings.screen, common.json ? Form::kJson : Form::kText,
                common.quiet ? Verbosity::kQuiet : Verbosity::kNormal);
  node::SpdlogLog log(common.log_level);
  boost::asio::io_context io(1);
  Interrupt interrupt(io);
  Context context{common,
                  output,
                  io,
                  interrupt,
                  surroundings.runner,
                  log,
                  surroundings.environment,
                  surroundings.working_folder,
                  surroundings.input};
  return std::visit([&context](const auto& options) { return run(options, context); }, invocation->command);
}

}  // namespace essaim::cli
