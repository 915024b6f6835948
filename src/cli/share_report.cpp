#include "cli/share_report.hpp"

#include <algorithm>
#include <cstddef>
#include <string>

#include <fmt/format.h>

#include "api/views_json.hpp"
#include "base/text.hpp"
#include "cli/human.hpp"

namespace essaim::cli {

void report_link(Output& output, const node::ShareView& share) {
  const std::string files = share.kind == node::EntryKind::kTree ? " in " + counted(share.files, "file") : "";
  const std::string whom = share.audience.empty() ? "" : ", for " + share.audience;
  output.note(printable(fmt::format("{}: {}{}{}", share.name, human_bytes(share.size), files, whom)));
  const std::size_t shown = std::min(share.left_out.size(), kLeftOutShownMax);
  for (std::size_t i = 0; i < shown; ++i) output.note(printable("  left out: " + share.left_out[i]));
  if (shown < share.left_out.size()) output.note(fmt::format("  and {} more", share.left_out.size() - shown));
  if (share.link) output.print(printable(*share.link) + "\n");
}

void report_shared(Output& output, const node::ShareView& share) {
  output.print_json(event_document("shared", api::to_json(share)));
  report_link(output, share);
}

}  // namespace essaim::cli
