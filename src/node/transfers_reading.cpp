// The part of Transfers for files that are fetched only to be read while they come.
#include <algorithm>
#include <utility>

#include "node/failures.hpp"
#include "node/transfers.hpp"

namespace essaim::node {

Answer<TransferView> Transfers::get_to_read(Wanted wanted, std::string name, std::optional<std::uint64_t> limit) {
  const bool folder = (wanted.link && wanted.link->kind == content::ContentKind::kTree) || !wanted.subfolder.empty() ||
                      (wanted.entry && wanted.entry->kind != EntryKind::kFile);
  if (folder) {
    co_return fail_with(FailureCode::kUsage,
                        "\"" + name +
                            "\" is a folder. Only one file can be read while it comes; `essaim ls` shows "
                            "what is in it.");
  }
  if (wanted.classic) {
    co_return fail_with(FailureCode::kRefused,
                        "\"" + name +
                            "\" is on a classic peer, whose files can be checked only when all of them is "
                            "there. Get it without --stdout.");
  }
  wanted.purpose = Purpose::kRead;
  if (const auto coming = wanted.link ? find_coming(wanted.link->id) : nullptr) co_return coming->view();
  const Outcome<Destination> destination = destination_of(parts_.reading_folder + "/" + name, name);
  if (!destination) co_return fail(destination.error());
  storage::TransferRecord record{
      .state = storage::TransferState::kRunning, .name = name, .bytes_per_second = limit.value_or(0)};
  const auto id = parts_.catalogue.transfers().add(record);
  if (!id) co_return fail(failure_of(id.error()));
  // Its number is its own for ever; there is nothing else to remember of it.
  if (const auto forgotten = parts_.catalogue.transfers().remove(*id); !forgotten) {
    co_return fail(failure_of(forgotten.error()));
  }
  record.id = *id;
  const auto transfer = std::make_shared<Transfer>(shared_, std::move(wanted), *destination, std::move(record));
  transfers_.emplace(*id, transfer);
  // Whoever reads waits for it now, so it waits for no turn.
  launch(transfer);
  co_return transfer->view();
}

std::shared_ptr<Transfer> Transfers::find_coming(const ContentId& id) const {
  const auto found = std::ranges::find_if(transfers_, [&id](const auto& entry) {
    const TransferView view = entry.second->view();
    return entry.second->running() && view.content_id == id && view.kind == EntryKind::kFile;
  });
  return found == transfers_.end() ? nullptr : found->second;
}

std::optional<std::string> Transfers::name_of_coming(const ContentId& id) const {
  const auto coming = find_coming(id);
  return coming == nullptr ? std::nullopt : std::optional(coming->view().name);
}

}  // namespace essaim::node
