#include "cli/progress.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/text.hpp"
#include "cli/columns.hpp"
#include "cli/human.hpp"

namespace essaim::cli {
namespace {

constexpr std::size_t kLabelColumnsMax = 30;
constexpr std::size_t kLabelColumnsMin = 8;
constexpr std::size_t kBarColumnsMax = 30;  // with its brackets
constexpr std::size_t kBarColumnsMin = 10;

// What may stand beside the bar, the most important first.
enum class Stat { kPercent, kRate, kLeft, kAmount, kSources, kFiles };

unsigned percent(const Progress& progress) {
  if (progress.bytes_total == 0) return 0;
  const double part = static_cast<double>(progress.bytes_done) / static_cast<double>(progress.bytes_total);
  return static_cast<unsigned>(std::clamp(part, 0.0, 1.0) * 100);
}

// "1.2 of 2.6 GiB"; both units where they are not the same.
std::string amount(const Progress& progress, std::string_view between) {
  const std::string total = human_bytes(progress.bytes_total);
  std::string done = human_bytes(progress.bytes_done);
  const auto unit = [](const std::string& text) { return text.substr(text.find(' ')); };
  if (unit(done) == unit(total)) done.resize(done.find(' '));
  return fmt::format("{}{}{}", done, between, total);
}

std::string stat_text(const Progress& progress, Stat stat) {
  switch (stat) {
    case Stat::kPercent: return fmt::format("{:3}%", percent(progress));
    case Stat::kRate: return progress.note.empty() ? human_rate(progress.bytes_per_second) : progress.note;
    case Stat::kLeft: return progress.seconds_left ? human_duration(*progress.seconds_left) + " left" : "";
    case Stat::kAmount: return amount(progress, "/");
    case Stat::kSources: return progress.note.empty() ? counted(progress.sources, "source") : "";
    case Stat::kFiles:
      return progress.files_total == 0 ? "" : fmt::format("{}/{} files", progress.files_done, progress.files_total);
  }
  return {};
}

// The first `count` of the stats in the order of their importance, written in the order in which they read well.
std::string stats_text(const Progress& progress, std::size_t count) {
  constexpr std::array kByImportance{Stat::kPercent, Stat::kRate,    Stat::kLeft,
                                     Stat::kAmount,  Stat::kSources, Stat::kFiles};
  constexpr std::array kAsRead{Stat::kPercent, Stat::kAmount, Stat::kFiles, Stat::kRate, Stat::kSources, Stat::kLeft};
  std::vector<std::string> texts;
  for (const Stat stat : kAsRead) {
    const auto place = static_cast<std::size_t>(std::ranges::find(kByImportance, stat) - kByImportance.begin());
    std::string text = place < count ? stat_text(progress, stat) : "";
    if (!text.empty()) texts.push_back(std::move(text));
  }
  return fmt::format("{}", fmt::join(texts, "  "));
}

// "[=====>    ]", `columns` wide.
std::string bar(const Progress& progress, std::size_t columns) {
  const std::size_t inside = columns - 2;
  const std::size_t filled = inside * percent(progress) / 100;
  std::string text(filled, '=');
  if (filled < inside && progress.bytes_done > 0) text.push_back('>');
  text.resize(inside, ' ');
  return "[" + text + "]";
}

std::string note_of(const node::TransferView& transfer) {
  switch (transfer.state) {
    case node::TransferState::kWaiting: return "waiting for its turn";
    case node::TransferState::kResolving: return "looking for sources";
    case node::TransferState::kPaused: return "paused";
    case node::TransferState::kVerifying: return "verifying";
    default: return transfer.failure ? transfer.failure->message : "";
  }
}

}  // namespace

Progress summarise(std::span<const node::TransferView> transfers) {
  Progress progress;
  std::set<std::string> sources;
  for (const node::TransferView& transfer : transfers) {
    progress.bytes_done += transfer.bytes_done;
    progress.bytes_total += transfer.bytes_total;
    if (transfer.kind == node::EntryKind::kTree) {
      progress.files_done += transfer.files_done;
      progress.files_total += transfer.files_total;
    }
    for (const node::SourceView& source : transfer.sources) sources.insert(source.peer_id.text);
    if (transfer.state != node::TransferState::kRunning) continue;
    progress.bytes_per_second += transfer.bytes_per_second;
    if (!transfer.seconds_left) continue;
    progress.seconds_left = std::max(progress.seconds_left.value_or(0), *transfer.seconds_left);
  }
  progress.sources = sources.size();
  if (transfers.size() == 1) {
    progress.label = printable(transfers.front().name);
    progress.note = printable(note_of(transfers.front()));
  } else {
    progress.label = fmt::format("{} downloads", transfers.size());
  }
  return progress;
}

std::string bar_line(const Progress& progress, std::size_t columns) {
  if (columns < 2) return {};
  const std::size_t room = columns - 1;
  const std::size_t label_wanted = std::min(columns_of(progress.label), kLabelColumnsMax);
  const std::size_t label_least = std::min(label_wanted, kLabelColumnsMin);
  for (std::size_t count = 6; count > 0; --count) {
    const std::string stats = stats_text(progress, count);
    const std::size_t least = label_least + 2 + kBarColumnsMin + 1 + columns_of(stats);
    if (least > room) continue;
    const std::size_t label_columns = std::min(label_wanted, label_least + (room - least) / 2);
    const std::size_t bar_room = room - columns_of(stats) - label_columns - 3;
    return fmt::format("{}  {} {}", pad_right(fit(progress.label, label_columns), label_columns),
                       bar(progress, std::min(bar_room, kBarColumnsMax)), stats);
  }
  return fit(fmt::format("{} {}", stats_text(progress, 1), progress.label), room);
}

std::string plain_line(const Progress& progress) {
  std::string text = fmt::format("{}: {}%, {}", progress.label, percent(progress), amount(progress, " of "));
  for (const Stat stat : {Stat::kFiles, Stat::kRate, Stat::kSources, Stat::kLeft}) {
    const std::string part = stat_text(progress, stat);
    if (!part.empty()) text += ", " + part;
  }
  return text;
}

}  // namespace essaim::cli
