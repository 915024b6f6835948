#include <chrono>
#include <string>

#include <boost/json/object.hpp>
#include <fmt/format.h>

#include "api/views_json.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/human.hpp"
#include "cli/paths.hpp"
#include "cli/share_report.hpp"
#include "node/offline.hpp"

namespace essaim::cli {
namespace {

using node::Outcome;

constexpr std::chrono::milliseconds kRedrawEvery{100};

// Draws how much has been read, and stops at Ctrl-C.
node::HashProgress progress_of(Context& context) {
  return [&context, drawn = std::chrono::steady_clock::time_point()](std::uint64_t bytes) mutable {
    const auto now = std::chrono::steady_clock::now();
    if (now - drawn < kRedrawEvery) return true;
    drawn = now;
    context.output.draw("read " + human_bytes(bytes));
    context.io.poll();  // signals are noticed here
    return !context.interrupt.asked();
  };
}

boost::json::object verify_document(const node::VerifyView& view) {
  boost::json::object document;
  document["same"] = view.same;
  document["difference"] = view.difference ? boost::json::value(*view.difference) : boost::json::value(nullptr);
  document["expected"] = to_base32(view.expected.view());
  document["found"] = api::to_json(view.found);
  return document;
}

}  // namespace

ExitCode run(const HashOptions& options, Context& context) {
  const std::string path = absolute_path(options.path, context.working_folder);
  const Outcome<node::ShareView> hashed = node::hash_path(path, progress_of(context));
  if (!hashed) return context.output.complain(hashed.error());
  context.output.print_json(api::to_json(*hashed));
  report_link(context.output, *hashed);
  return ExitCode::kDone;
}

ExitCode run(const VerifyOptions& options, Context& context) {
  node::VerifyRequest request;
  request.path = absolute_path(options.path, context.working_folder);
  request.link = options.link;
  request.home = home_of(context).value_or("");
  const Outcome<node::VerifyView> verified = node::verify_path(request, progress_of(context));
  if (!verified) return context.output.complain(verified.error());
  context.output.print_json(verify_document(*verified));
  const std::string name = printable(verified->found.name);
  if (verified->same) {
    context.output.print(fmt::format("{}: the same\n", name));
    return ExitCode::kDone;
  }
  const std::string difference = verified->difference ? ": " + printable(*verified->difference) : "";
  context.output.print(fmt::format("{}: different{}\n", name, difference));
  return ExitCode::kFailed;
}

}  // namespace essaim::cli
