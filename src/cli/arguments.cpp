#include "cli/arguments.hpp"

#include <algorithm>
#include <memory>
#include <string_view>
#include <utility>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "base/version.hpp"
#include "cli/network_arguments.hpp"
#include "node/spdlog_log.hpp"

namespace essaim::cli {
namespace {

constexpr const char* kSharing = "Share";
constexpr const char* kFetching = "Find and fetch";
constexpr const char* kPeople = "People";
constexpr const char* kNode = "The node";
constexpr const char* kContent = "Without a node";
constexpr const char* kVerbs = "Commands";

constexpr const char* kExamples = R"(Examples:
  essaim share ~/Videos/talk.mp4      share a file, until Ctrl-C
  essaim get talk.mp4                 fetch it on another machine
  essaim up ~/Public                  run in the foreground and share a folder
  essaim ls alice/Public              look into a folder of hers
  essaim search holiday 2024          ask everyone nearby

Exit codes: 0 done, 1 failed, 2 usage, 3 not found, 4 refused, 5 interrupted but resumable.
'essaim COMMAND --help' shows a command's options.)";

void add_common_options(CLI::App& app, CommonOptions& common) {
  app.add_option("--home", common.home, "The folder of this peer's identity and settings")->type_name("DIR");
  app.add_flag("--json", common.json, "Write JSON: one document, or one object a line");
  app.add_flag("--quiet,-q", common.quiet, "Write nothing but results and errors");
  const auto take = [&common](const std::string& text) { common.log_level = *node::parse_log_level(text); };
  const auto check = [](const std::string& text) {
    return node::parse_log_level(text) ? std::string() : "'" + text + "' is not debug, info, warning or error";
  };
  app.add_option_function<std::string>("--log-level", take, "debug, info, warning (the default) or error")
      ->check(check)
      ->type_name("LEVEL");
}

// An empty path would mean the current folder, which nobody means who writes "$UNSET".
template <class Paths>
CLI::Option* add_path(CLI::App& app, Paths& paths, const std::string& help) {
  const auto check = [](const std::string& path) { return path.empty() ? std::string("it is empty") : std::string(); };
  return app.add_option("PATH", paths, help)->check(check)->type_name("");
}

// The grammar, and what has been understood so far.
class Grammar {
 public:
  Grammar();

  [[nodiscard]] Expected<Invocation, Said> parse(std::vector<std::string> words);

 private:
  struct Help {
    const char* name;
    const char* group;
    const char* line;
    const char* examples;
  };
  // A command whose options write to an Options of its own, which becomes the command that is understood.
  template <class Options>
  struct Added {
    CLI::App& app;
    Options& options;
  };
  template <class Options>
  Added<Options> add(const Help& help, Options initial = {}) {
    return add_below(app_, help, std::move(initial));
  }
  template <class Options>
  Added<Options> add_below(CLI::App& parent, const Help& help, Options initial) {
    CLI::App* command = parent.add_subcommand(help.name, help.line);
    command->group(help.group);
    command->footer(help.examples);
    command->fallthrough();
    const auto options = std::make_shared<Options>(std::move(initial));
    command->callback([this, options] { invocation_.command = *options; });
    return {*command, *options};
  }

  void add_sharing();
  void add_finding();
  void add_fetching();
  void add_people();
  void add_offers();
  void add_node();
  void add_content();
  void add_identity();
  [[nodiscard]] Said said(const CLI::ParseError& error) const;

  CLI::App app_{"Share files with people on the same network.", "essaim"};
  Invocation invocation_;
};

Grammar::Grammar() {
  app_.require_subcommand(0, 1);
  app_.set_version_flag("--version", "essaim " + std::string(kVersion), "Print the version");
  app_.set_help_flag("--help,-h", "Print this help");
  app_.footer(kExamples);
  add_common_options(app_, invocation_.common);
  add_sharing();
  add_finding();
  add_fetching();
  add_offers();
  add_people();
  add_node();
  add_content();
  add_identity();
}

void Grammar::add_sharing() {
  auto share = add<ShareOptions>({"share", kSharing, "Share files or folders, and print their links",
                                  "Example: essaim share talk.mp4 ~/Public\n"
                                  "Where no node runs, it serves until Ctrl-C."});
  add_path(share.app, share.options.paths, "What to share")->required();
  share.app.add_option("--name", share.options.name, "What others see it called (one PATH only)")->type_name("NAME");
  share.app
      .add_option("--audience", share.options.audience, "everyone (the default), trusted, unlisted, or peers: PEER,…")
      ->type_name("WHO");
  add_network_options(share.app, share.options.settings);

  auto unshare = add<UnshareOptions>({"unshare", kSharing, "Stop sharing", "Example: essaim unshare Public"});
  unshare.app.add_option("NAME", unshare.options.name_or_path, "The share's name, or the path shared")
      ->type_name("")
      ->required();

  add<SharesOptions>({"shares", kSharing, "List what is shared here", ""});
}

void Grammar::add_finding() {
  auto peers = add<PeersOptions>({"peers", kFetching, "List who is near", "Example: essaim peers --watch"});
  peers.app.add_flag("--watch", peers.options.watch, "Go on until Ctrl-C");
  add_name_option(peers.app, peers.options.settings);
  add_network_options(peers.app, peers.options.settings);

  auto ls = add<LsOptions>({"ls", kFetching, "List what peers share",
                            "Examples:\n  essaim ls\n  essaim ls alice\n  essaim ls alice/Public/photos"});
  ls.app.add_option("PEER[/PATH]", ls.options.place, "Whose shares, or which folder; all peers' shares without it")
      ->type_name("");
  add_name_option(ls.app, ls.options.settings);
  add_network_options(ls.app, ls.options.settings);

  auto search = add<SearchOptions>({"search", kFetching, "Ask everyone nearby", "Example: essaim search holiday 2024"});
  const auto join = [&options = search.options](const std::vector<std::string>& words) {
    options.words = fmt::format("{}", fmt::join(words, " "));
  };
  search.app.add_option_function<std::vector<std::string>>("WORDS", join, "All of them, anywhere in a path")
      ->type_name("")
      ->required();
  add_name_option(search.app, search.options.settings);
  add_network_options(search.app, search.options.settings);
}

void Grammar::add_fetching() {
  auto get = add<GetOptions>({"get", kFetching, "Download, from all who have it at once",
                              "Examples:\n  essaim get talk.mp4\n  essaim get alice/Public -o ~/from-alice\n"
                              "  essaim get 'essaim:…'\n  essaim get alice/talk.mp4 --stdout | mpv -\n"
                              "Ctrl-C leaves it resumable; the same command goes on from there."});
  get.app.add_option("TARGET", get.options.targets, "A link, PEER/PATH, or a name that is unique nearby")
      ->type_name("")
      ->required();
  get.app.add_flag("--first", get.options.first, "Before all that waits for its turn");
  get.app.add_option("-o,--output", get.options.dest, "A folder that exists (into it), or the path of the result")
      ->type_name("DEST");
  get.app.add_flag("--stdout", get.options.to_stdout,
                   "Write the bytes of one file to standard output as they come, in order, and keep nothing");
  add_name_option(get.app, get.options.settings);
  add_network_options(get.app, get.options.settings);

  auto transfers = add<TransfersOptions>({"transfers", kFetching, "List what is being downloaded", ""});
  transfers.app.add_flag("--watch", transfers.options.watch, "Go on until Ctrl-C");

  const auto add_steer = [this](SteerOptions::Verb verb, const Help& help) {
    SteerOptions initial;
    initial.verb = verb;
    auto steer = add<SteerOptions>(help, initial);
    if (verb == SteerOptions::Verb::kLimit) add_rate_position(steer.app, steer.options.bytes_per_second);
    steer.app.add_option("ID", steer.options.ids, "As 'essaim transfers' shows it")->type_name("")->required();
  };
  add_steer(SteerOptions::Verb::kPause, {"pause", kFetching, "Pause a download", ""});
  add_steer(SteerOptions::Verb::kResume, {"resume", kFetching, "Go on with a paused download", ""});
  add_steer(SteerOptions::Verb::kLimit, {"limit", kFetching, "Let a download take at most this much a second",
                                         "Examples:\n  essaim limit 2M 7\n  essaim limit off 7"});
  add_steer(SteerOptions::Verb::kFirst, {"first", kFetching, "Put a download before all others", ""});
  add_steer(SteerOptions::Verb::kCancel, {"cancel", kFetching, "Give a download up, and remove what it wrote", ""});
}

void Grammar::add_offers() {
  auto send =
      add<SendOptions>({"send", kPeople, "Offer files or folders to peers; they accept or decline",
                        "Examples:\n  essaim send slides.pdf --to bob\n  essaim send ~/Images --to bob,carol,dave\n"
                        "Where no node runs, it serves until everybody has answered and has it."});
  add_path(send.app, send.options.paths, "What to offer")->required();
  send.app.add_option("--to", send.options.peers, "Whom: names or ids, with commas between")
      ->delimiter(',')
      ->type_name("PEER,…")
      ->required();
  send.app.add_flag("--wait", send.options.wait, "Wait until everybody has answered and has it");
  add_name_option(send.app, send.options.settings);
  add_network_options(send.app, send.options.settings);

  auto inbox = add<InboxOptions>({"inbox", kPeople, "List what is offered to you", ""});
  inbox.app.add_flag("--sent", inbox.options.sent, "What you have offered to others");

  auto accept = add<AcceptOptions>(
      {"accept", kPeople, "Take what is offered", "Examples:\n  essaim accept 3\n  essaim accept 3 -o ~/Pictures"});
  accept.app.add_option("ID", accept.options.id, "As 'essaim inbox' shows it")->type_name("")->required();
  accept.app.add_option("-o,--output", accept.options.dest, "Into this folder (the download folder)")->type_name("DIR");

  const auto add_refuse = [this](RefuseOptions::Verb verb, const Help& help) {
    RefuseOptions initial;
    initial.verb = verb;
    auto refuse = add<RefuseOptions>(help, initial);
    refuse.app.add_option("ID", refuse.options.ids, "As 'essaim inbox' shows it")->type_name("")->required();
  };
  add_refuse(RefuseOptions::Verb::kDecline, {"decline", kPeople, "Do not take what is offered", ""});
  add_refuse(RefuseOptions::Verb::kWithdraw, {"withdraw", kPeople, "Take an offer of yours back", ""});
}

void Grammar::add_people() {
  auto pair = add<PairOptions>({"pair", kPeople, "Make sure who a peer is, and trust it",
                                "Example: essaim pair bob\n"
                                "Both sides run it, see the same six digits, and say so."});
  pair.app.add_option("PEER", pair.options.peer, "A name or id")->type_name("")->required();
  add_name_option(pair.app, pair.options.settings);
  add_network_options(pair.app, pair.options.settings);

  const auto add_judge = [this](JudgeOptions::Verb verb, const Help& help) {
    JudgeOptions initial;
    initial.verb = verb;
    auto judge = add<JudgeOptions>(help, initial);
    judge.app.add_option("PEER", judge.options.peers, "Names or ids")->type_name("")->required();
    add_network_options(judge.app, judge.options.settings);
  };
  add_judge(JudgeOptions::Verb::kTrust, {"trust", kPeople, "Trust a peer without comparing digits", ""});
  add_judge(JudgeOptions::Verb::kBlock, {"block", kPeople, "Show a peer nothing any more", ""});
  add_judge(JudgeOptions::Verb::kForget, {"forget", kPeople, "Make a peer a stranger again", ""});
}

void Grammar::add_node() {
  auto up = add<UpOptions>({"up", kNode, "Run the node in the foreground, until Ctrl-C",
                            "Examples:\n  essaim up\n  essaim up ~/Public --dest ~/Downloads --name studio\n"
                            "Once it can be reached, it prints: ready PEER_ID tcp PORT udp PORT home DIR web ADDRESS"});
  add_path(up.app, up.options.paths, "What to share");
  up.app.add_option("--dest", up.options.settings.dest, "Where downloads go (the download folder)")->type_name("DIR");
  add_sandbox_option(up.app, up.options.settings);
  add_name_option(up.app, up.options.settings);
  add_accept_options(up.app, up.options.settings);
  add_network_options(up.app, up.options.settings);

  auto web = add<WebOptions>({"web", kNode, "Open the page of the running node in a browser",
                              "The address is good for one visit within five minutes; do not pass it on."});
  web.app.add_flag("--print", web.options.print, "Only print the address");
  auto status = add<StatusOptions>({"status", kNode, "Show the running node", ""});
  status.app.add_flag("--qr", status.options.qr, "And a QR code of this peer's id, for a camera");
  auto doctor = add<DoctorOptions>({"doctor", kNode, "Find out why something does not work", ""});
  add_name_option(doctor.app, doctor.options.settings);
  add_network_options(doctor.app, doctor.options.settings);
  add<StopOptions>({"stop", kNode, "Stop the running node", ""});
}

void Grammar::add_content() {
  auto hash = add<HashOptions>(
      {"hash", kContent, "Print the link of a file or folder, without sharing it", "Example: essaim hash talk.mp4"});
  add_path(hash.app, hash.options.path, "A file or folder")->required();
  auto verify = add<VerifyOptions>({"verify", kContent, "Check a copy against a link",
                                    "Example: essaim verify talk.mp4 'essaim:…'\n"
                                    "Exit code 0: the same; 1: different."});
  add_path(verify.app, verify.options.path, "The copy")->required();
  verify.app.add_option("LINK", verify.options.link, "What it should be")->type_name("")->required();
}

void Grammar::add_identity() {
  CLI::App* identity = app_.add_subcommand("identity", "Carry this peer's identity to another machine");
  identity->group(kContent);
  identity->footer("'essaim identity COMMAND --help' shows a command's options.");
  identity->require_subcommand(1);
  identity->fallthrough();
  const auto add_verb = [&](IdentityOptions::Verb verb, const Help& help) {
    IdentityOptions initial;
    initial.verb = verb;
    auto added = add_below(*identity, help, initial);
    added.app.add_option("FILE", added.options.file, "The file")->type_name("")->required();
    added.app
        .add_option("--passphrase-file", added.options.passphrase_file,
                    "Take the passphrase from the first line of this file (-: standard input)")
        ->type_name("FILE");
    return added;
  };
  add_verb(IdentityOptions::Verb::kExport,
           {"export", kVerbs, "Write the key, and who is trusted and blocked, to a file that a passphrase opens",
            "Example: essaim identity export me.essaim"});
  auto import = add_verb(IdentityOptions::Verb::kImport, {"import", kVerbs, "Become who such a file says",
                                                          "Example: essaim identity import me.essaim"});
  import.app.add_flag("--replace", import.options.replace, "Also where there is an identity, which is kept beside it");
}

Said Grammar::said(const CLI::ParseError& error) const {
  std::string name = "essaim";
  for (const CLI::App* at = &app_; !at->get_subcommands().empty();) {
    at = at->get_subcommands().front();
    name += " " + at->get_name();
  }
  if (error.get_name() == "CallForHelp") return {app_.help(), ExitCode::kDone};
  if (error.get_name() == "CallForVersion") return {std::string(error.what()) + "\n", ExitCode::kDone};
  return {fmt::format("{0}: {1}\nTry '{0} --help'.\n", name, error.what()), ExitCode::kUsage};
}

Expected<Invocation, Said> Grammar::parse(std::vector<std::string> words) {
  std::ranges::reverse(words);  // CLI11 takes them from the back
  try {
    app_.parse(std::move(words));
  } catch (const CLI::ParseError& error) {
    return fail(said(error));
  }
  if (app_.get_subcommands().empty()) return fail(Said{app_.help(), ExitCode::kUsage});
  const auto* share = std::get_if<ShareOptions>(&invocation_.command);
  if (share != nullptr && share->name && share->paths.size() > 1) {
    return fail(Said{"essaim share: --name goes with one PATH only\nTry 'essaim share --help'.\n"});
  }
  const auto* get = std::get_if<GetOptions>(&invocation_.command);
  if (get != nullptr && get->to_stdout && (get->targets.size() > 1 || get->dest || invocation_.common.json)) {
    return fail(
        Said{"essaim get: --stdout goes with one TARGET, and not with --output or --json\nTry 'essaim get --help'.\n"});
  }
  return invocation_;
}

}  // namespace

Expected<Invocation, Said> parse_arguments(std::span<const std::string> words) {
  return Grammar().parse({words.begin(), words.end()});
}

}  // namespace essaim::cli
