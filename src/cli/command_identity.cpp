#include <string>

#include <boost/json/object.hpp>
#include <fmt/format.h>

#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/passphrase.hpp"
#include "cli/paths.hpp"
#include "node/identity_export.hpp"

namespace essaim::cli {
namespace {

using node::Outcome;

boost::json::object identity_document(const node::IdentityView& view) {
  boost::json::object document;
  document["peer_id"] = view.peer_id.text;
  document["words"] = view.words;
  document["trusted"] = view.trusted;
  document["blocked"] = view.blocked;
  document["kept"] = view.kept ? boost::json::value(printable(*view.kept)) : boost::json::value(nullptr);
  return document;
}

void report(Output& output, const node::IdentityView& view, std::string_view what_was_done) {
  output.print_json(identity_document(view));
  output.print(fmt::format("{} {}, with {} trusted and {} blocked peers\n", what_was_done, view.peer_id.text,
                           view.trusted, view.blocked));
  if (view.kept) output.note(fmt::format("The key that was there is kept as {}.", printable(*view.kept)));
}

}  // namespace

ExitCode run(const IdentityOptions& options, Context& context) {
  const Outcome<std::string> home = home_of(context);
  if (!home) return context.output.complain(home.error());
  const std::string file = absolute_path(options.file, context.working_folder);
  const bool exports = options.verb == IdentityOptions::Verb::kExport;
  PassphraseSource source{.file = options.passphrase_file,
                          .times = exports ? PassphraseSource::Times::kTwice : PassphraseSource::Times::kOnce};
  if (source.file && *source.file != "-") source.file = absolute_path(*source.file, context.working_folder);
  const auto ask = [&] { return read_passphrase(source, context.output.screen()); };
  using Existing = node::ImportRequest::Existing;
  const Outcome<node::IdentityView> done =
      exports ? node::export_identity({.home = *home, .file = file}, ask)
              : node::import_identity(
                    {.home = *home, .file = file, .existing = options.replace ? Existing::kReplace : Existing::kRefuse},
                    ask);
  if (!done) return context.output.complain(done.error());
  report(context.output, *done, exports ? "exported" : "imported");
  context.output.note(exports ? "Who has this file and its passphrase is you: keep them apart."
                              : "Let only one machine at a time run with this identity.");
  return ExitCode::kDone;
}

}  // namespace essaim::cli
