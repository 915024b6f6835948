#include "storage/watcher.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <iterator>
#include <span>
#include <string_view>
#include <sys/inotify.h>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

#include "storage/part_name.hpp"

namespace essaim::storage {
namespace {

using Kind = StorageError::Kind;

// IN_MODIFY also tells of a time set alone.
constexpr std::uint32_t kMask = IN_MODIFY | IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO |
                                IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR | IN_EXCL_UNLINK;
constexpr std::size_t kEventBufferBytes = 64 * 1024;

StorageError watch_error(int errno_value, std::string_view path) {
  StorageError error = storage_error_of(errno_value, path);
  if (errno_value == ENOSPC) error.kind = Kind::kWatchLimit;
  return error;
}

std::string join(const std::string& folder, std::string_view name) {
  return folder.empty() ? std::string(name) : fmt::format("{}/{}", folder, name);
}

// The events in what one read() gave.
std::vector<WatchEvent> events_in(std::span<const char> bytes) {
  std::vector<WatchEvent> events;
  while (bytes.size() >= sizeof(inotify_event)) {
    inotify_event raw{};
    std::memcpy(&raw, bytes.data(), sizeof raw);
    const std::span<const char> name = bytes.subspan(sizeof raw, raw.len);
    events.push_back(
        {.watch = raw.wd, .mask = raw.mask, .name = std::string(name.begin(), std::ranges::find(name, '\0'))});
    bytes = bytes.subspan(sizeof raw + raw.len);
  }
  return events;
}

}  // namespace

Result<Watcher> Watcher::make() {
  FileHandle inotify(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
  if (!inotify.is_open()) return fail_errno("inotify");
  return Watcher(std::move(inotify));
}

Result<void> Watcher::add(ShareId share, std::shared_ptr<const ShareRoot> root) {
  remove(share);
  roots_[share] = std::move(root);
  return add_tree(share, "");
}

void Watcher::remove(ShareId share) {
  roots_.erase(share);
  for (auto entry = watches_.begin(); entry != watches_.end();) {
    auto& [descriptor, watches] = *entry;
    std::erase_if(watches, [&](const Watch& watch) { return watch.share == share; });
    if (watches.empty()) ::inotify_rm_watch(inotify_.fd(), descriptor);
    entry = watches.empty() ? watches_.erase(entry) : std::next(entry);
  }
}

// The descriptor's name in /proc, so that the folder watched is the one held, whatever its path leads to by now.
Result<void> Watcher::add_folder(ShareId share, const Directory& folder, const std::string& path) {
  const std::string name = fmt::format("/proc/self/fd/{}", folder.fd());
  const int descriptor = ::inotify_add_watch(inotify_.fd(), name.c_str(), kMask);
  if (descriptor < 0) return fail(watch_error(errno, path));
  std::vector<Watch>& watches = watches_[descriptor];
  // A folder that was moved within its share has its old watch, but a new path.
  const auto known = std::ranges::find(watches, share, &Watch::share);
  if (known != watches.end()) {
    known->path = path;
  } else {
    watches.push_back({.share = share, .path = path});
  }
  return {};
}

// Watches a folder of the share, then what lies below it. A folder that vanishes or cannot be read meanwhile is passed
// over: the scan reports it.
Result<void> Watcher::add_tree(ShareId share, const std::string& path) {
  const ShareRoot& root = *roots_.at(share);
  std::vector<std::string> left{path};
  while (!left.empty()) {
    const std::string at = std::move(left.back());
    left.pop_back();
    const auto safe = SafePath::parse(at);
    if (!at.empty() && !safe) continue;
    const auto folder = at.empty() ? root.directory().duplicate() : root.directory().open_directory(*safe);
    if (!folder && folder.error().kind == Kind::kTooManyOpen) return fail(folder.error());
    if (!folder) continue;
    if (auto added = add_folder(share, *folder, at); !added) return added;
    if (root.kind() == ShareKind::kFile) return {};
    const auto entries = folder->list();
    if (!entries) continue;
    for (const DirectoryEntry& entry : *entries) {
      const bool ours = is_part_name(entry.name);
      if (entry.kind == FileKind::kDirectory && !ours) left.push_back(join(at, entry.name));
    }
  }
  return {};
}

// A share that an event of this folder concerns; for a single file, only events of that name.
bool Watcher::concerns(const Watch& watch, const std::string& name) const {
  if (is_part_name(name)) return false;
  const auto& file = roots_.at(watch.share)->file();
  return !file || name.empty() || name == file->text();
}

void Watcher::rewatch_all(WatchReport& report) {
  report.lost_events = true;
  for (const auto& [share, root] : roots_) {
    report.changed.insert(share);
    if (auto added = add_tree(share, ""); !added) report.trouble = std::move(added.error());
  }
}

void Watcher::on_event(const WatchEvent& event, WatchReport& report) {
  if ((event.mask & IN_Q_OVERFLOW) != 0) return rewatch_all(report);
  const auto found = watches_.find(event.watch);
  if (found == watches_.end()) return;
  const std::vector<Watch> watches = found->second;  // a copy, since watching more changes the table
  if ((event.mask & IN_IGNORED) != 0) watches_.erase(found);
  const bool new_folder = (event.mask & IN_ISDIR) != 0 && (event.mask & (IN_CREATE | IN_MOVED_TO)) != 0;
  for (const Watch& watch : watches) {
    if (!concerns(watch, event.name)) continue;
    report.changed.insert(watch.share);
    if (!new_folder || roots_.at(watch.share)->kind() == ShareKind::kFile) continue;
    auto added = add_tree(watch.share, join(watch.path, event.name));
    if (!added) report.trouble = std::move(added.error());
  }
}

WatchReport Watcher::drain() {
  WatchReport report;
  std::array<char, kEventBufferBytes> buffer;
  while (true) {
    const ssize_t length = ::read(inotify_.fd(), buffer.data(), buffer.size());
    if (length < 0 && errno == EINTR) continue;
    if (length <= 0) return report;
    for (const WatchEvent& event : events_in(std::span(buffer).first(static_cast<std::size_t>(length)))) {
      on_event(event, report);
    }
  }
}

}  // namespace essaim::storage
