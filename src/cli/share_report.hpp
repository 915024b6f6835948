// A share, or hashed content, as a command tells people of it: its link as the result, the rest as notes.
#pragma once
#include "cli/output.hpp"
#include "node/views.hpp"

namespace essaim::cli {

// How many of the names that were left out are told one by one.
inline constexpr std::size_t kLeftOutShownMax = 10;

void report_link(Output& output, const node::ShareView& share);

// The same for a new share, which with --json is an event: {"event":"shared", …}.
void report_shared(Output& output, const node::ShareView& share);

}  // namespace essaim::cli
