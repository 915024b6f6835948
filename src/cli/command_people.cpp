#include <string>

#include <fmt/format.h>

#include "api/views_json.hpp"
#include "base/text.hpp"
#include "cli/answer_line.hpp"
#include "cli/commands.hpp"

namespace essaim::cli {
namespace {

using node::Outcome;
using node::PairingState;
using node::PairingView;
using node::PeerView;

constexpr std::chrono::milliseconds kLookAgainEvery{1000};

std::string title_of(const PeerView& peer) {
  const std::string name = peer.name.empty() ? "A peer" : printable(peer.name);
  return fmt::format("{} ({})", name, printable(peer.peer_id.text));
}

Outcome<PeerView> judge(api::RemoteNode& node, const JudgeOptions& options, const std::string& peer) {
  switch (options.verb) {
    case JudgeOptions::Verb::kTrust: return node.set_trust(peer, access::Trust::kTrusted);
    case JudgeOptions::Verb::kBlock: return node.set_trust(peer, access::Trust::kBlocked);
    case JudgeOptions::Verb::kForget: return node.forget(peer);
  }
  return node.forget(peer);
}

std::string judged_line(JudgeOptions::Verb verb, const PeerView& peer) {
  switch (verb) {
    case JudgeOptions::Verb::kTrust:
      return fmt::format("{} is trusted from now on. `essaim pair` would also have compared its key.", title_of(peer));
    case JudgeOptions::Verb::kBlock:
      return fmt::format("{} is blocked: it sees nothing of this peer any more.", title_of(peer));
    case JudgeOptions::Verb::kForget: return fmt::format("{} is forgotten: a stranger from now on.", title_of(peer));
  }
  return {};
}

// "123 456": easier to read out.
std::string spaced(const std::string& digits) {
  return digits.size() == 6 ? digits.substr(0, 3) + " " + digits.substr(3) : digits;
}

bool is_yes(const std::string& line) { return line == "y" || line == "Y" || line == "yes" || line == "Yes"; }

// One pairing, from the digits to its end.
class PairingTalk {
 public:
  PairingTalk(Context& context, Session& session, PairingView pairing)
      : context_(context), session_(session), pairing_(std::move(pairing)), peer_(pairing_.peer_id.text) {}

  [[nodiscard]] ExitCode run() {
    tell();
    {
      const AnswerLine answer(context_.io, context_.input);
      while (pairing_.state == PairingState::kComparing && !answer.line() && !context_.interrupt.asked()) look();
      if (pairing_.state == PairingState::kComparing) say(answer.line().value_or(""));
    }
    while (!is_over() && !context_.interrupt.asked()) look();
    return end();
  }

 private:
  [[nodiscard]] bool is_over() const {
    return pairing_.state == PairingState::kDone || pairing_.state == PairingState::kFailed;
  }

  void tell() {
    context_.output.print_json(event_document("pairing", api::to_json(pairing_)));
    context_.output.print(fmt::format("\n    {}\n\nDoes {} show the same digits? Compare them by eye or voice. [y/N] ",
                                      spaced(pairing_.digits), printable(pairing_.name)));
  }

  // Until there is news, an answer, or a while has passed.
  void look() {
    const auto event = session_.client().next_event(kLookAgainEvery);
    if (event && *event && (*event)->kind == "pairing") {
      const auto news = api::from_json<PairingView>((*event)->data);
      if (news && news->peer_id == pairing_.peer_id) pairing_ = *news;
    } else if (!event && !context_.interrupt.asked()) {
      pairing_.state = PairingState::kFailed;
      pairing_.failure = event.error();
    }
  }

  void say(const std::string& line) {
    const bool same = is_yes(line) && !context_.interrupt.asked();
    const Outcome<PairingView> said =
        same ? session_.node().confirm_pairing(peer_) : session_.node().reject_pairing(peer_);
    if (said) pairing_ = *said;
    if (said && pairing_.state == PairingState::kConfirmed) {
      context_.output.note(fmt::format("Waiting for {} to say the same.", printable(pairing_.name)));
    }
  }

  [[nodiscard]] ExitCode end() {
    context_.output.print_json(event_document("pairing", api::to_json(pairing_)));
    if (pairing_.state == PairingState::kDone) {
      context_.output.print(fmt::format("{} is paired: you trust each other from now on.\n", printable(pairing_.name)));
      return ExitCode::kDone;
    }
    return context_.output.complain(
        pairing_.failure.value_or(node::Failure{node::FailureCode::kInterrupted, "The pairing was left."}));
  }

  Context& context_;
  Session& session_;
  PairingView pairing_;
  std::string peer_;
};

}  // namespace

ExitCode run(const JudgeOptions& options, Context& context) {
  const auto session = Session::find_or_start(context, options.settings);
  if (!session) return context.output.complain(session.error());
  (*session)->let_it_discover();
  ExitCode code = ExitCode::kDone;
  for (const std::string& peer : options.peers) {
    const Outcome<PeerView> view = judge((*session)->node(), options, peer);
    if (!view) {
      code = context.output.complain(view.error());
      continue;
    }
    context.output.print_json(api::to_json(*view));
    context.output.note(judged_line(options.verb, *view));
  }
  return code;
}

ExitCode run(const PairOptions& options, Context& context) {
  const auto session = Session::find_or_start(context, options.settings);
  if (!session) return context.output.complain(session.error());
  const Outcome<void> following = (*session)->client().subscribe();
  if (!following) return context.output.complain(following.error());
  Outcome<PairingView> pairing = (*session)->node().pair(options.peer);
  if (!pairing) return context.output.complain(pairing.error());
  return PairingTalk(context, **session, std::move(*pairing)).run();
}

}  // namespace essaim::cli
