#include "node/library.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>

#include "base/safe_path.hpp"
#include "content/link.hpp"
#include "node/failures.hpp"
#include "node/random_bytes.hpp"
#include "node/wall_clock.hpp"
#include "storage/part_name.hpp"

namespace essaim::node {
namespace {

namespace asio = boost::asio;

constexpr const char* kRevSetting = "share_rev";

std::string last_part(const std::string& path) {
  const std::size_t end = path.find_last_not_of('/');
  if (end == std::string::npos) return {};
  const std::size_t slash = path.rfind('/', end);
  const std::size_t begin = slash == std::string::npos ? 0 : slash + 1;
  return path.substr(begin, end - begin + 1);
}

Outcome<access::Audience> audience_in(const std::string& text) {
  auto audience = access::parse_audience(text);
  if (audience) return std::move(*audience);
  return fail_with(FailureCode::kUsage,
                   "\"" + text + "\" is no audience. Use everyone, trusted, unlisted, or names or ids of peers.");
}

ContentId random_id() {
  ContentId id;
  fill_randomly(id.bytes);
  return id;
}

bool is_download(const storage::ShareRecord& record) { return record.state == storage::ShareState::kDownloaded; }

ShareState state_of(storage::ShareState state) {
  switch (state) {
    case storage::ShareState::kIndexing: return ShareState::kIndexing;
    case storage::ShareState::kReady: return ShareState::kReady;
    case storage::ShareState::kUnavailable:
    case storage::ShareState::kDownloaded: return ShareState::kMissing;
  }
  return ShareState::kMissing;
}

}  // namespace

Library::Library(Parts parts, Hooks hooks)
    : parts_(std::move(parts)),
      hooks_(std::move(hooks)),
      trees_(parts_.home.trees()),
      drafts_(random_id),
      rescan_timer_(parts_.control, asio::steady_timer::time_point::max()),
      self_(std::make_shared<Library*>(this)) {
  const auto to_control = [control = parts_.control, self = self_](auto value, auto handle) {
    asio::post(control, [self, handle, value = std::move(value)]() mutable {
      if (*self != nullptr) ((*self)->*handle)(std::move(value));
    });
  };
  indexer_.emplace(
      parts_.hashing,
      storage::IndexEvents{
          .on_batch = [to_control](storage::IndexBatch batch) { to_control(std::move(batch), &Library::on_batch); },
          .on_done = [to_control](storage::IndexSummary summary) { to_control(std::move(summary), &Library::on_done); },
          .on_leaves =
              [to_control](storage::ShareLeavesFound leaves) { to_control(std::move(leaves), &Library::on_leaves); }});
}

Library::~Library() {
  stop();
  *self_ = nullptr;
}

Outcome<void> Library::start() {
  auto records = parts_.catalogue.shares().all();
  if (!records) return fail(failure_of(records.error()));
  if (auto rev = parts_.catalogue.setting(kRevSetting); rev && *rev) rev_ = std::strtoull((*rev)->c_str(), nullptr, 10);
  if (auto swept = files().sweep_sketches(); !swept) parts_.log.warning("{}", describe(swept.error()));
  if (auto watcher = storage::Watcher::make()) {
    watcher_ = std::move(*watcher);
    watch_ready_.emplace(parts_.control, watcher_->fd());
    asio::co_spawn(parts_.control, watch_loop(), asio::detached);
  } else {
    parts_.log.warning("{} Changes in shared folders will not be noticed.", describe(watcher.error()));
  }
  asio::co_spawn(parts_.control, rescan_loop(), asio::detached);
  for (storage::ShareRecord& record : *records) {
    const storage::ShareId id = record.id;
    Share& share = shares_.emplace(id, Share{.record = std::move(record)}).first->second;
    open_root(share);
    if (!is_download(share.record)) {
      index(share);
    } else if (share.root == nullptr) {
      drop(id);
    }
  }
  return {};
}

void Library::stop() {
  if (std::exchange(stopping_, true)) return;
  indexer_.reset();
  tree_builder_.join();
  rescan_timer_.cancel();
  if (watch_ready_) {
    watch_ready_->cancel();
    watch_ready_->release();  // the descriptor is the watcher's
    watch_ready_.reset();
  }
}

Outcome<ShareView> Library::share(const ShareRequest& request) {
  const auto same_path =
      std::ranges::find_if(shares_, [&](const auto& entry) { return entry.second.record.path == request.path; });
  if (same_path != shares_.end()) {
    if (is_download(same_path->second.record)) return share_kept(same_path->second, request);
    return request.audience ? set_audience(same_path->second, *request.audience) : view(same_path->second);
  }
  auto root = storage::ShareRoot::open(request.path);
  if (!root) return fail(failure_of(root.error()));
  return add(request, std::make_shared<const storage::ShareRoot>(std::move(*root)));
}

Outcome<storage::ShareRecord> Library::record_for(const ShareRequest& request, storage::ShareKind kind) const {
  const std::string wanted = request.name.value_or(last_part(request.path));
  const auto path = SafePath::parse(wanted);
  if (!path || path->parts().size() != 1) {
    return fail_with(FailureCode::kUsage,
                     "A share cannot be called \"" + wanted + "\". Give it another name with --name.");
  }
  const auto audience = audience_in(request.audience.value_or("everyone"));
  if (!audience) return fail(audience.error());
  return storage::ShareRecord{
      .name = free_name(wanted), .path = request.path, .kind = kind, .audience = *audience, .added = wall_clock()};
}

Outcome<ShareView> Library::add(const ShareRequest& request, std::shared_ptr<const storage::ShareRoot> root) {
  auto record = record_for(request, root->kind());
  if (!record) return fail(record.error());
  const auto id = parts_.catalogue.shares().add(*record);
  if (!id) return fail(failure_of(id.error()));
  record->id = *id;
  Share& share = shares_.emplace(*id, Share{.record = std::move(*record)}).first->second;
  share.root = std::move(root);
  return begin(share);
}

// What was downloaded is known already, so none of it is hashed again.
Outcome<ShareView> Library::share_kept(Share& kept, const ShareRequest& request) {
  auto record = record_for(request, kept.record.kind);
  if (!record) return fail(record.error());
  record->id = kept.record.id;
  if (auto updated = parts_.catalogue.shares().update(*record); !updated) return fail(failure_of(updated.error()));
  kept.record = std::move(*record);
  return begin(kept);
}

ShareView Library::begin(Share& share) {
  open_root(share);
  index(share);
  bump_rev();
  announce(share);
  return view(share);
}

Outcome<ShareView> Library::set_audience(Share& share, const std::string& text) {
  auto audience = audience_in(text);
  if (!audience) return fail(audience.error());
  if (share.record.audience == *audience) return view(share);
  storage::ShareRecord record = share.record;
  record.audience = std::move(*audience);
  if (auto updated = parts_.catalogue.shares().update(record); !updated) return fail(failure_of(updated.error()));
  share.record = std::move(record);
  bump_rev();
  announce(share);
  return view(share);
}

std::string Library::free_name(const std::string& wanted) const {
  const auto taken = [&](const std::string& name) {
    return std::ranges::any_of(shares_, [&](const auto& entry) { return entry.second.record.name == name; });
  };
  const auto path = SafePath::parse(wanted);
  std::string name = wanted;
  for (unsigned attempt = 2; taken(name) && attempt <= storage::kClashNamesMax; ++attempt) {
    name = storage::clash_name_of(*path, attempt).text();
  }
  return name;
}

std::size_t Library::count() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(shares_, [](const auto& entry) { return !is_download(entry.second.record); }));
}

Outcome<ShareView> Library::unshare(const std::string& name_or_path) {
  const auto found = std::ranges::find_if(shares_, [&](const auto& entry) {
    return entry.second.record.name == name_or_path || entry.second.record.path == name_or_path;
  });
  if (found == shares_.end()) {
    return fail_with(FailureCode::kNotFound,
                     "Nothing called \"" + name_or_path + "\" is shared. `essaim shares` lists what is.");
  }
  ShareView last = view(found->second);
  const storage::ShareId id = found->first;
  if (indexer_) indexer_->cancel(id);
  if (watcher_) watcher_->remove(id);
  if (auto removed = parts_.catalogue.shares().remove(id); !removed) return fail(failure_of(removed.error()));
  const auto& record = found->second.record;
  if (record.kind == storage::ShareKind::kFolder && record.content_id) {
    static_cast<void>(trees_.remove(*record.content_id));  // a document left behind is only untidy
  }
  shares_.erase(found);
  drafts_.on_job_ended(id);
  forget_served();
  bump_rev();
  hooks_.gone(last.name);
  return last;
}

std::vector<ShareView> Library::views() const {
  std::vector<ShareView> views;
  for (const auto& [id, share] : shares_) {
    if (!is_download(share.record)) views.push_back(view(share));
  }
  std::ranges::sort(views, {}, &ShareView::name);
  return views;
}

ShareView Library::view(const Share& share) const {
  const storage::ShareRecord& record = share.record;
  const bool folder = record.kind == storage::ShareKind::kFolder;
  ShareView view{.name = record.name,
                 .path = record.path,
                 .kind = folder ? EntryKind::kTree : EntryKind::kFile,
                 .size = record.total_bytes,
                 .files = record.files,
                 .audience = access::format_audience(record.audience),
                 .id = record.content_id,
                 .state = share.root == nullptr ? ShareState::kMissing : state_of(record.state),
                 .bytes_hashed = share.bytes_hashed,
                 .left_out = share.left_out};
  if (record.content_id) {
    content::Link link{.id = *record.content_id, .name = record.name, .size = record.total_bytes};
    if (folder) {
      link.kind = content::ContentKind::kTree;
      link.tree_bytes = record.tree_bytes;
    }
    view.link = content::format_link(link);
  }
  return view;
}

void Library::bump_rev() {
  ++rev_;
  if (auto kept = parts_.catalogue.put_setting(kRevSetting, std::to_string(rev_)); !kept) {
    parts_.log.warning("{}", describe(kept.error()));
  }
  hooks_.rev_changed();
}

void Library::announce(const Share& share) { hooks_.changed(view(share)); }

}  // namespace essaim::node
