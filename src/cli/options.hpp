// What the words of a command line mean, one struct a command.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/log.hpp"
#include "node/config.hpp"

namespace essaim::cli {

struct CommonOptions {
  std::optional<std::string> home;
  bool json = false;
  bool quiet = false;
  LogLevel log_level = LogLevel::kWarning;
};

// `settings`: of the node that the command starts, or starts where none runs.
struct UpOptions {
  node::Settings settings;
  std::vector<std::string> paths;
};
struct ShareOptions {
  node::Settings settings;
  std::vector<std::string> paths;
  std::optional<std::string> name;  // of the share; with one path only
  std::optional<std::string> audience;
};
struct UnshareOptions {
  std::string name_or_path;
};
struct SharesOptions {};
struct PeersOptions {
  node::Settings settings;
  bool watch = false;
};
struct LsOptions {
  node::Settings settings;
  std::string place;  // PEER or PEER/PATH; empty: what all peers share
};
struct SearchOptions {
  node::Settings settings;
  std::string words;
};
struct GetOptions {
  node::Settings settings;
  std::vector<std::string> targets;
  std::optional<std::string> dest;
  bool first = false;
  bool to_stdout = false;  // one target, without `dest`
};
struct TransfersOptions {
  bool watch = false;
};
struct SteerOptions {
  enum class Verb { kPause, kResume, kFirst, kLimit, kCancel } verb = Verb::kPause;
  std::vector<std::string> ids;
  std::uint64_t bytes_per_second = 0;  // of kLimit; 0: none
};
// trust, block, forget.
struct JudgeOptions {
  enum class Verb { kTrust, kBlock, kForget } verb = Verb::kTrust;
  node::Settings settings;
  std::vector<std::string> peers;
};
struct PairOptions {
  node::Settings settings;
  std::string peer;
};
struct SendOptions {
  node::Settings settings;
  std::vector<std::string> paths;
  std::vector<std::string> peers;
  bool wait = false;
};
struct InboxOptions {
  bool sent = false;
};
struct AcceptOptions {
  std::string id;
  std::optional<std::string> dest;
};
// decline, withdraw.
struct RefuseOptions {
  enum class Verb { kDecline, kWithdraw } verb = Verb::kDecline;
  std::vector<std::string> ids;
};
struct WebOptions {
  bool print = false;  // the address, instead of starting a browser with it
};
struct StatusOptions {
  bool qr = false;
};
struct DoctorOptions {
  node::Settings settings;
};
struct StopOptions {};
struct HashOptions {
  std::string path;
};
struct VerifyOptions {
  std::string path;
  std::string link;
};
struct IdentityOptions {
  enum class Verb { kExport, kImport } verb = Verb::kExport;
  std::string file;
  std::optional<std::string> passphrase_file;
  bool replace = false;  // of kImport
};

using Command = std::variant<UpOptions, ShareOptions, UnshareOptions, SharesOptions, PeersOptions, LsOptions,
                             SearchOptions, GetOptions, TransfersOptions, SteerOptions, SendOptions, InboxOptions,
                             AcceptOptions, RefuseOptions, PairOptions, JudgeOptions, WebOptions, StatusOptions,
                             DoctorOptions, StopOptions, HashOptions, VerifyOptions, IdentityOptions>;

struct Invocation {
  CommonOptions common;
  Command command;
};

}  // namespace essaim::cli
