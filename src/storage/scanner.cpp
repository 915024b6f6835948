#include "storage/scanner.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/assert.hpp"
#include "content/chunk_plan.hpp"
#include "content/tree_entry.hpp"
#include "storage/part_name.hpp"

namespace essaim::storage {
namespace {

using Kind = StorageError::Kind;

// A folder on the way down, and the names in it that are still to be visited, the next one last.
struct Level {
  Directory folder;
  std::vector<std::string> names;
  std::size_t path_bytes;  // of the folder's own path
};

Result<std::vector<std::string>> sorted_names(const Directory& folder) {
  auto entries = folder.list();
  if (!entries) return fail(std::move(entries.error()));
  std::vector<std::string> names;
  names.reserve(entries->size());
  for (DirectoryEntry& entry : *entries) {
    if (!is_part_name(entry.name)) names.push_back(std::move(entry.name));
  }
  std::ranges::sort(names, std::ranges::greater{});
  return names;
}

class Walk {
 public:
  Walk(const ScanEvents& events, const std::stop_token& stop) : events_(events), stop_(stop) {}

  [[nodiscard]] Result<void> folder(const Directory& root) {
    auto top = root.duplicate();
    if (!top) return fail(std::move(top.error()));
    auto names = sorted_names(*top);
    if (!names) return fail(std::move(names.error()));
    levels_.push_back({.folder = std::move(*top), .names = std::move(*names), .path_bytes = 0});
    while (!levels_.empty()) {
      if (stop_.stop_requested()) return fail_kind(Kind::kCancelled, path_);
      if (levels_.back().names.empty()) {
        levels_.pop_back();
        continue;
      }
      if (entries_ == events_.entries_max) {
        begin_name();
        skip(SkipReason::kTooMany);
        return {};
      }
      if (auto visited = visit_next(); !visited) return visited;
    }
    return {};
  }

  [[nodiscard]] Result<void> single_file(const Directory& parent, const SafePath& name) {
    const auto stat = parent.stat_entry(name);
    if (!stat) return fail(stat.error());
    report(name, parent, *stat);
    return {};
  }

 private:
  void skip(SkipReason reason) { events_.on_skipped({.path = path_, .reason = reason}); }

  // Takes the next name of the deepest level; path_ is then its path.
  std::string begin_name() {
    Level& level = levels_.back();
    std::string name = std::move(level.names.back());
    level.names.pop_back();
    path_.resize(level.path_bytes);
    if (!path_.empty()) path_ += '/';
    path_ += name;
    return name;
  }

  [[nodiscard]] Result<void> visit_next() {
    const auto name = SafePath::parse(begin_name());
    if (!name || !SafePath::parse(path_)) {
      skip(SkipReason::kName);
      return {};
    }
    const Directory& folder = levels_.back().folder;
    const auto stat = folder.stat_entry(*name);
    if (stat && stat->kind == FileKind::kDirectory) return descend(*name, *stat);
    if (stat) {
      report(*name, folder, *stat);
    } else if (stat.error().kind != Kind::kNotFound) {  // else gone since it was listed
      skip(SkipReason::kUnreadable);
    }
    return {};
  }

  // To be out of descriptors ends the scan: what lies below is not gone, only not to be seen now.
  [[nodiscard]] Result<void> descend(const SafePath& name, const FileStat& stat) {
    auto folder = levels_.back().folder.open_directory(name);
    auto names = folder ? sorted_names(*folder) : fail(std::move(folder.error()));
    if (!names && names.error().kind == Kind::kTooManyOpen) return fail(std::move(names.error()));
    if (!names) {
      skip(names.error().kind == Kind::kTooLarge ? SkipReason::kTooMany : SkipReason::kUnreadable);
      return {};
    }
    emit(stat, {});
    levels_.push_back({.folder = std::move(*folder), .names = std::move(*names), .path_bytes = path_.size()});
    return {};
  }

  // A file or a link.
  void report(const SafePath& name, const Directory& folder, const FileStat& stat) {
    if (stat.kind == FileKind::kFile) {
      if (stat.size > content::kContentBytesMax) return skip(SkipReason::kTooLarge);
      return emit(stat, {});
    }
    if (stat.kind != FileKind::kSymlink) return skip(SkipReason::kNotRegular);
    const auto target = folder.read_link(name);
    if (!target) return skip(SkipReason::kUnreadable);
    const auto link = SafePath::parse(path_);
    if (!link || !content::target_stays_inside(*link, *target)) return skip(SkipReason::kLinkTarget);
    emit(stat, *target);
  }

  void emit(const FileStat& stat, std::string_view target) {
    ++entries_;
    events_.on_entry({.path = path_, .stat = stat, .link_target = target});
  }

  const ScanEvents& events_;
  const std::stop_token& stop_;
  std::vector<Level> levels_;
  std::string path_;
  std::uint32_t entries_ = 0;
};

}  // namespace

std::string_view to_string(SkipReason reason) {
  switch (reason) {
    case SkipReason::kName: return "its name cannot be shared (not UTF-8, a control character, too long or too deep)";
    case SkipReason::kNotRegular: return "it is not a file, folder or link";
    case SkipReason::kUnreadable: return "it cannot be read";
    case SkipReason::kLinkTarget: return "the link leads out of the share";
    case SkipReason::kTooLarge: return "it is larger than 8 TiB";
    case SkipReason::kTooMany:
      return "the share has more than a million entries; this one and all after it are left out";
    case SkipReason::kChanged: return "it changed while it was read";
  }
  return "unknown";
}

Result<void> scan(const ShareRoot& root, const ScanEvents& events, const std::stop_token& stop) {
  Walk walk(events, stop);
  return root.file() ? walk.single_file(root.directory(), *root.file()) : walk.folder(root.directory());
}

}  // namespace essaim::storage
