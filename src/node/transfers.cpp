#include "node/transfers.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "node/failures.hpp"
#include "node/wall_clock.hpp"

namespace essaim::node {
namespace {

namespace asio = boost::asio;

std::string last_part(const std::string& path) { return path.substr(path.rfind('/') + 1); }

swarm::QueuedDownload queued(storage::TransferId id) { return swarm::QueuedDownload{static_cast<std::int64_t>(id)}; }

std::string parent_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == 0 || slash == std::string::npos ? "/" : path.substr(0, slash);
}

}  // namespace

Transfers::Transfers(Parts parts)
    : parts_(std::move(parts)),
      shared_{.control = parts_.control,
              .sessions = parts_.sessions,
              .fetches = parts_.fetches,
              .browser = parts_.browser,
              .classic = parts_.classic,
              .catalogue = parts_.catalogue,
              .log = parts_.log,
              .disk = disk_,
              .lanes = parts_.lanes,
              .limit = std::make_shared<swarm::FairLimit>(parts_.bytes_per_second),
              .keep_unfinished = parts_.keep_unfinished,
              .new_seed = [this] { return parts_.seed + ++seeds_given_; },
              .changed = parts_.changed,
              .activity = [this](storage::TransferId id, Activity activity) { on_activity(id, activity); },
              .keep = parts_.keep,
              .own = parts_.own,
              .own_chunks = parts_.own_chunks,
              .owns_something = parts_.owns_something,
              .readers_of = parts_.readers_of},
      queue_(parts_.at_once),
      all_ended_(parts_.control, asio::steady_timer::time_point::max()),
      expiry_timer_(parts_.control) {}

Outcome<void> Transfers::start(Restart restart) {
  auto records = parts_.catalogue.transfers().all();
  if (!records) return fail(failure_of(records.error()));
  std::map<swarm::QueuedDownload, swarm::Turn> waiting;
  for (storage::TransferRecord& record : *records) {
    const content::Link link = link_of(record);
    // A draft whose content id was not known yet: nothing says what its remains are of.
    if (record.kind == storage::TransferKind::kDownload && record.link.empty()) {
      Transfer(shared_, Wanted{}, Destination{record.destination, record.name}, record).forget_remains();
      continue;
    }
    const bool known = link.size.has_value() && !record.name.empty();
    if (!known || record.kind != storage::TransferKind::kDownload) continue;
    date(record);
    auto transfer = std::make_shared<Transfer>(shared_, Wanted{.link = link, .subfolder = record.subfolder},
                                               Destination{record.destination, record.name}, record);
    transfers_.emplace(record.id, transfer);
    if (transfer->expire(wall_clock())) continue;
    const bool was_running = record.state == storage::TransferState::kRunning;
    if (restart == Restart::kGoOn && was_running) {
      waiting.emplace(queued(record.id), record.turn);
    } else {
      transfer->stop();
    }
  }
  queue_.restore(waiting);
  follow_queue();
  expire_old();
  return {};
}

void Transfers::date(storage::TransferRecord& record) {
  if (record.updated != UnixNanos{}) return;
  record.updated = wall_clock();
  if (auto kept = parts_.catalogue.transfers().update(record); !kept) parts_.log.warning("{}", describe(kept.error()));
}

void Transfers::expire_old() {
  for (const auto& [id, transfer] : transfers_) {
    if (transfer->expire(wall_clock())) queue_.remove(queued(id));
  }
  follow_queue();
  expiry_timer_.expires_after(kExpiryInterval);
  expiry_timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) expire_old();
  });
}

asio::awaitable<void> Transfers::stop() {
  stopping_ = true;
  expiry_timer_.cancel();
  for (const auto& [id, transfer] : transfers_) {
    if (transfer->running() || transfer->is_to_read()) transfer->stop();
  }
  while (running_ > 0) co_await all_ended_.async_wait(asio::as_tuple(asio::use_awaitable));
  disk_.join();
}

void Transfers::launch(const std::shared_ptr<Transfer>& transfer) {
  if (stopping_ || transfer->running()) return;
  ++running_;
  auto run = transfer->run();
  asio::co_spawn(parts_.control, std::move(run), [this, transfer](const std::exception_ptr&) {
    // Why it failed may still be asked.
    const bool failed = transfer->view().state == TransferState::kFailed;
    if (transfer->is_to_read() && !failed) transfers_.erase(transfer->record().id);
    if (--running_ == 0) all_ended_.cancel();
    follow_queue();
  });
}

void Transfers::on_activity(storage::TransferId id, Activity activity) {
  if (activity == Activity::kOver) {
    queue_.remove(queued(id));
  } else {
    queue_.set_busy(queued(id), activity == Activity::kBusy);
  }
  follow_queue();
}

void Transfers::enqueue(Transfer& transfer, GetRequest::Turn turn) {
  if (transfer.is_to_read()) return;
  const swarm::QueuedDownload id = queued(transfer.record().id);
  transfer.set_turn(turn == GetRequest::Turn::kFirst ? queue_.put_first(id) : queue_.put_last(id));
  follow_queue();
}

void Transfers::follow_queue() {
  if (stopping_) return;
  for (const auto& [id, transfer] : transfers_) {
    if (!queue_.knows(queued(id))) continue;
    if (queue_.running().contains(queued(id))) {
      launch(transfer);
    } else if (transfer->view().state != TransferState::kWaiting) {
      transfer->wait_for_turn();
    }
  }
}

Answer<TransferView> Transfers::get(GetRequest request) {
  auto resolving = resolve(request.target, request.wait);
  auto wanted = co_await std::move(resolving);
  if (!wanted) co_return fail(wanted.error());
  std::string name = wanted->link && !wanted->entry ? wanted->link->name
                     : wanted->classic              ? wanted->classic->file.filename
                                                    : last_part(wanted->entry->path);
  if (name.empty()) name = "download";
  if (request.purpose == Purpose::kRead) {
    auto getting = get_to_read(std::move(*wanted), std::move(name), request.bytes_per_second);
    co_return co_await std::move(getting);
  }
  auto destination = destination_of(request.dest, std::move(name));
  if (!destination) co_return fail(destination.error());
  for (const auto& [id, transfer] : transfers_) {
    const bool same = transfer->is_for(*wanted, *destination);
    const TransferState state = transfer->view().state;
    if (!same || state == TransferState::kDone || state == TransferState::kCancelled) continue;
    if (request.bytes_per_second) transfer->set_limit(request.bytes_per_second);
    enqueue(*transfer, request.turn);
    co_return transfer->view();
  }
  storage::TransferRecord record{.state = storage::TransferState::kRunning,
                                 .link = wanted->link ? content::format_link(*wanted->link) : "",
                                 .name = destination->name,
                                 .destination = destination->folder,
                                 .subfolder = wanted->subfolder,
                                 .bytes_per_second = request.bytes_per_second.value_or(0),
                                 .created = wall_clock()};
  record.updated = record.created;
  const auto id = parts_.catalogue.transfers().add(record);
  if (!id) co_return fail(failure_of(id.error()));
  record.id = *id;
  if (transfers_.size() >= kTransfersRememberedMax) {
    std::erase_if(transfers_,
                  [this](const auto& entry) { return !entry.second->running() && !queue_.knows(queued(entry.first)); });
  }
  auto transfer = std::make_shared<Transfer>(shared_, std::move(*wanted), std::move(*destination), std::move(record));
  transfers_.emplace(*id, transfer);
  enqueue(*transfer, request.turn);
  co_return transfer->view();
}

Answer<Wanted> Transfers::resolve(std::string target, std::chrono::milliseconds wait) {
  if (target.starts_with(content::kLinkScheme)) {
    auto link = content::parse_link(target);
    if (!link) {
      co_return fail_with(FailureCode::kUsage,
                          "That is no link that this version can read: " + std::string(to_string(link.error())) +
                              ". Copy it once more, all of it.");
    }
    co_return Wanted{.link = std::move(*link)};
  }
  auto work = target.find('/') == std::string::npos ? resolve_name(std::move(target), wait)
                                                    : resolve_path(std::move(target), wait);
  co_return co_await std::move(work);
}

Answer<Wanted> Transfers::resolve_path(std::string target, std::chrono::milliseconds wait) {
  const std::size_t slash = target.find('/');
  auto finding = parts_.browser.find_peer(target.substr(0, slash), wait);
  auto peer = co_await std::move(finding);
  if (!peer) co_return fail(peer.error());
  std::string path = target.substr(slash + 1);
  while (path.ends_with('/')) path.pop_back();
  auto looking = parts_.browser.find_path(std::move(*peer), std::move(path));
  auto entry = co_await std::move(looking);
  if (!entry) co_return fail(entry.error());
  auto wanting = wanted_of(std::move(*entry));
  co_return co_await std::move(wanting);
}

Answer<Wanted> Transfers::resolve_name(std::string name, std::chrono::milliseconds wait) {
  const auto give_up = std::chrono::steady_clock::now() + wait;
  while (true) {
    auto entries = co_await parts_.browser.find_name(name);
    std::set<std::string> different;  // the same content in several places is one thing
    for (const EntryView& entry : entries) {
      different.insert(entry.id ? entry.link.value_or("") : entry.peer_id.text + "/" + entry.path);
    }
    if (different.size() > 1) {
      std::string places;
      for (const EntryView& entry : entries) places.append("\n  ").append(entry.peer).append("/").append(entry.path);
      co_return fail_with(FailureCode::kAmbiguous,
                          "\"" + name + "\" is several things nearby. Say which one:" + places);
    }
    if (!entries.empty()) {
      auto wanting = wanted_of(std::move(entries.front()));
      co_return co_await std::move(wanting);
    }
    if (std::chrono::steady_clock::now() >= give_up) break;
    asio::steady_timer timer(parts_.control, kLookAgainInterval);
    co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
  }
  co_return fail_with(FailureCode::kNotFound, "Nobody nearby shares \"" + name +
                                                  "\". `essaim search` looks for parts of names; `essaim peers` lists "
                                                  "who is near.");
}

Answer<Wanted> Transfers::wanted_of(EntryView entry) {
  Wanted wanted;
  const std::vector<wire::classic::File>* classic = parts_.browser.classic_files(entry.peer_id);
  if (classic != nullptr) {
    const auto file = std::ranges::find(*classic, entry.path, &wire::classic::File::filename);
    const auto address = parts_.browser.address_of(entry.peer_id);
    if (file == classic->end() || !address) {
      co_return fail_with(FailureCode::kNotFound, entry.peer + " does not show \"" + entry.path + "\" any more.");
    }
    wanted.classic = ClassicSource{.peer = entry.peer_id, .endpoint = *address, .file = *file};
  } else if (entry.kind == EntryKind::kDirectory) {
    // A folder inside a share is a part of the share's tree.
    const std::size_t slash = entry.path.find('/');
    auto finding = parts_.browser.find_peer(entry.peer_id.text, std::chrono::milliseconds(0));
    auto peer = co_await std::move(finding);
    if (!peer) co_return fail(peer.error());
    auto looking = parts_.browser.find_path(std::move(*peer), entry.path.substr(0, slash));
    auto share = co_await std::move(looking);
    if (!share) co_return fail(share.error());
    if (!share->link) {
      co_return fail_with(FailureCode::kFailed,
                          entry.peer + " is still reading \"" + share->path + "\". Try again in a moment.");
    }
    wanted.link = content::parse_link(*share->link).value_or(content::Link{});
    wanted.subfolder = entry.path.substr(slash + 1);
  } else if (entry.kind == EntryKind::kSymlink) {
    co_return fail_with(FailureCode::kRefused,
                        "\"" + entry.path + "\" is a symbolic link: it comes with its folder, not alone.");
  } else if (entry.link) {
    wanted.link = content::parse_link(*entry.link).value_or(content::Link{});
  }
  wanted.entry = std::move(entry);
  co_return wanted;
}

Outcome<Destination> Transfers::destination_of(const std::optional<std::string>& dest, std::string name) const {
  Destination destination{.folder = dest.value_or(parts_.dest), .name = std::move(name)};
  if (dest && !storage::Directory::open(*dest)) {
    destination.folder = parent_of(*dest);
    destination.name = last_part(*dest);
  }
  const auto safe = SafePath::parse(destination.name);
  if (!safe || safe->parts().size() != 1) {
    return fail_with(FailureCode::kRefused,
                     "\"" + destination.name +
                         "\" cannot be a file's name here, so nothing was fetched. Choose a name "
                         "with -o.");
  }
  return destination;
}

Expected<std::shared_ptr<Transfer>, Failure> Transfers::find(const std::string& id) const {
  const auto found = std::ranges::find_if(transfers_, [&](const auto& entry) { return entry.second->view().id == id; });
  if (found == transfers_.end()) {
    return fail(Failure{FailureCode::kNotFound, "There is no transfer " + id + ". `essaim transfers` lists them."});
  }
  return found->second;
}

Outcome<TransferView> Transfers::pause(const std::string& id) {
  auto transfer = find(id);
  if (!transfer) return fail(transfer.error());
  queue_.remove(queued((*transfer)->record().id));
  (*transfer)->pause();
  follow_queue();
  return (*transfer)->view();
}

Outcome<TransferView> Transfers::resume(const std::string& id) {
  auto transfer = find(id);
  if (!transfer) return fail(transfer.error());
  enqueue(**transfer, GetRequest::Turn::kLast);
  return (*transfer)->view();
}

Outcome<TransferView> Transfers::put_first(const std::string& id) {
  auto transfer = find(id);
  if (!transfer) return fail(transfer.error());
  enqueue(**transfer, GetRequest::Turn::kFirst);
  return (*transfer)->view();
}

Outcome<TransferView> Transfers::set_limit(const std::string& id, std::optional<std::uint64_t> bytes_per_second) {
  auto transfer = find(id);
  if (!transfer) return fail(transfer.error());
  (*transfer)->set_limit(bytes_per_second);
  return (*transfer)->view();
}

Outcome<TransferView> Transfers::cancel(const std::string& id) {
  auto transfer = find(id);
  if (!transfer) return fail(transfer.error());
  queue_.remove(queued((*transfer)->record().id));
  (*transfer)->cancel();
  follow_queue();
  return (*transfer)->view();
}

std::vector<TransferView> Transfers::views() const {
  std::vector<TransferView> views;
  views.reserve(transfers_.size());
  for (const auto& [id, transfer] : transfers_) views.push_back(transfer->view());
  return views;
}

std::optional<TransferView> Transfers::view(const std::string& id) const {
  const auto transfer = find(id);
  return transfer ? std::optional((*transfer)->view()) : std::nullopt;
}

std::optional<TransferMapView> Transfers::map(const std::string& id) const {
  const auto transfer = find(id);
  return transfer ? std::optional((*transfer)->map()) : std::nullopt;
}

std::size_t Transfers::running() const { return running_; }

}  // namespace essaim::node
