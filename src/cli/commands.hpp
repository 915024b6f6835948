// The commands, one function each: what the options of a command line ask for is done, and its end told as a code.
#pragma once
#include "cli/exit_code.hpp"
#include "cli/options.hpp"
#include "cli/session.hpp"

namespace essaim::cli {

// command_up.cpp
[[nodiscard]] ExitCode run(const UpOptions& options, Context& context);
[[nodiscard]] ExitCode run(const StopOptions& options, Context& context);
// command_share.cpp
[[nodiscard]] ExitCode run(const ShareOptions& options, Context& context);
[[nodiscard]] ExitCode run(const UnshareOptions& options, Context& context);
[[nodiscard]] ExitCode run(const SharesOptions& options, Context& context);
// command_peers.cpp
[[nodiscard]] ExitCode run(const PeersOptions& options, Context& context);
// command_browse.cpp
[[nodiscard]] ExitCode run(const LsOptions& options, Context& context);
[[nodiscard]] ExitCode run(const SearchOptions& options, Context& context);
// command_get.cpp
[[nodiscard]] ExitCode run(const GetOptions& options, Context& context);
// command_get_stdout.cpp: with --stdout
[[nodiscard]] ExitCode read_to_stdout(const GetOptions& options, Context& context);
// command_transfers.cpp
[[nodiscard]] ExitCode run(const TransfersOptions& options, Context& context);
[[nodiscard]] ExitCode run(const SteerOptions& options, Context& context);
// command_people.cpp
[[nodiscard]] ExitCode run(const PairOptions& options, Context& context);
[[nodiscard]] ExitCode run(const JudgeOptions& options, Context& context);
// command_offers.cpp
[[nodiscard]] ExitCode run(const SendOptions& options, Context& context);
[[nodiscard]] ExitCode run(const InboxOptions& options, Context& context);
[[nodiscard]] ExitCode run(const AcceptOptions& options, Context& context);
[[nodiscard]] ExitCode run(const RefuseOptions& options, Context& context);
// command_web.cpp
[[nodiscard]] ExitCode run(const WebOptions& options, Context& context);
// command_status.cpp
[[nodiscard]] ExitCode run(const StatusOptions& options, Context& context);
[[nodiscard]] ExitCode run(const DoctorOptions& options, Context& context);
// command_content.cpp
[[nodiscard]] ExitCode run(const HashOptions& options, Context& context);
[[nodiscard]] ExitCode run(const VerifyOptions& options, Context& context);
// command_identity.cpp
[[nodiscard]] ExitCode run(const IdentityOptions& options, Context& context);

}  // namespace essaim::cli
