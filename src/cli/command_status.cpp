#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "api/views_json.hpp"
#include "base/text.hpp"
#include "cli/columns.hpp"
#include "cli/commands.hpp"
#include "cli/human.hpp"
#include "cli/qr_code.hpp"

namespace essaim::cli {
namespace {

using node::DoctorLine;
using node::Outcome;
using node::Verdict;

constexpr std::size_t kLabelColumns = 12;

std::string status_text(const node::StatusView& status) {
  const std::vector<std::pair<std::string, std::string>> lines{
      {"name", status.name},
      {"peer id", status.peer_id.text},
      {"in words", status.words},
      {"version", status.version},
      {"home", status.home},
      {"downloads to", status.dest},
      {"ports", fmt::format("tcp {}, udp {}", status.port, status.discovery_port)},
      {"page", status.web ? *status.web + " (essaim web opens it)" : "off"},
      {"classic", status.classic ? "on: also speaks to peers without encryption" : "off"},
      {"up for", human_duration(status.uptime_seconds)},
      {"peers", fmt::format("{} near", status.peers_online)},
      {"shares", std::to_string(status.shares)},
      {"downloading", std::to_string(status.transfers_running)},
      {"sent", human_bytes(status.bytes_sent)},
      {"received", human_bytes(status.bytes_received)},
  };
  std::string text;
  for (const auto& [label, value] : lines) text += pad_right(label, kLabelColumns + 2) + printable(value) + "\n";
  return text;
}

std::string qr_code_of(const Output& output, const PeerId& peer) {
  const QrColours colours = output.screen().out_is_terminal ? QrColours::kBlackOnWhite : QrColours::kTerminal;
  return "\n" + qr_code(std::string(node::kPeerScheme) + peer.text, colours).value_or("");
}

std::string verdict_text(const Output& output, Verdict verdict) {
  switch (verdict) {
    case Verdict::kOk: return output.coloured("ok     ", Colour::kGreen);
    case Verdict::kHint: return output.coloured("hint   ", Colour::kYellow);
    case Verdict::kProblem: return output.coloured("problem", Colour::kRed);
  }
  return {};
}

void print_findings(Output& output, const std::vector<DoctorLine>& findings) {
  output.print_json(api::to_json(findings));
  std::size_t columns = 0;
  for (const DoctorLine& line : findings) columns = std::max(columns, columns_of(printable(line.check)));
  for (const DoctorLine& line : findings) {
    output.print(fmt::format("{}  {}  {}\n", verdict_text(output, line.verdict),
                             pad_right(printable(line.check), columns), printable(line.finding)));
    if (!line.advice.empty()) output.print(fmt::format("{:9}→ {}\n", "", printable(line.advice)));
  }
}

}  // namespace

ExitCode run(const StatusOptions& options, Context& context) {
  const auto session = Session::find(context);
  if (!session) return context.output.complain(session.error());
  const Outcome<node::StatusView> status = (*session)->node().status();
  if (!status) return context.output.complain(status.error());
  context.output.print_json(api::to_json(*status));
  context.output.print(status_text(*status));
  if (options.qr) context.output.print(qr_code_of(context.output, status->peer_id));
  return ExitCode::kDone;
}

ExitCode run(const DoctorOptions& options, Context& context) {
  // What keeps a node from starting is what is looked for: it makes a finding like any other.
  const auto session = Session::find_or_start(context, options.settings);
  if (!session) {
    print_findings(context.output,
                   {{"node", Verdict::kProblem, "A node can't be started here.", session.error().message}});
    return ExitCode::kFailed;
  }
  (*session)->let_it_discover();
  const Outcome<std::vector<DoctorLine>> findings = (*session)->node().doctor();
  if (!findings) return context.output.complain(findings.error());
  print_findings(context.output, *findings);
  const bool well =
      std::ranges::none_of(*findings, [](const DoctorLine& line) { return line.verdict == Verdict::kProblem; });
  return well ? ExitCode::kDone : ExitCode::kFailed;
}

}  // namespace essaim::cli
