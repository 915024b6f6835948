#include "node/identity_export.hpp"

#include <filesystem>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "access/identity_archive.hpp"
#include "access/proquint.hpp"
#include "node/failures.hpp"
#include "node/random_bytes.hpp"
#include "storage/catalogue.hpp"
#include "storage/durable_file.hpp"
#include "storage/home.hpp"
#include "storage/identity_file.hpp"
#include "transport/certificate.hpp"

namespace essaim::node {
namespace {

using Kind = storage::StorageError::Kind;

// A file that a person named: the folder that it is in, and what it is called there.
struct Place {
  storage::Directory folder;
  SafePath name;
};

Outcome<Place> place_of(const std::string& file) {
  const std::filesystem::path path(file);
  auto name = SafePath::parse(path.filename().string());
  if (!name) return fail_with(FailureCode::kUsage, fmt::format("\"{}\" is not the name of a file.", file));
  auto folder = storage::Directory::open(path.parent_path().string());
  if (!folder) return fail(failure_of(folder.error()));
  return Place{std::move(*folder), std::move(*name)};
}

Failure sealed_failure(const std::string& file, access::SealError error) {
  const bool refused = error == access::SealError::kPassphrase || error == access::SealError::kTooCostly;
  return {refused ? FailureCode::kRefused : FailureCode::kFailed,
          fmt::format("{} was not opened: {}. Nothing was changed.", file, to_string(error))};
}

Failure key_failure(transport::IdentityError error) {
  return {FailureCode::kFailed, fmt::format("The identity cannot be used: {}.", to_string(error))};
}

access::SealChance fresh_chance() {
  access::SealChance chance;
  fill_randomly(chance.salt);
  fill_randomly(chance.nonce);
  return chance;
}

IdentityView view_of(PeerId id, const std::vector<access::ArchivedPeer>& peers) {
  IdentityView view{.words = access::words_of(id)};
  view.peer_id = std::move(id);
  for (const access::ArchivedPeer& peer : peers)
    ++(peer.trust == access::Trust::kTrusted ? view.trusted : view.blocked);
  return view;
}

Outcome<storage::IdentityPem> identity_in(const std::string& home) {
  const Failure none{FailureCode::kNotFound,
                     fmt::format("There is no identity in {} yet: it is made when a node starts there first.", home)};
  if (!std::filesystem::exists(home)) return fail(none);
  const auto opened = storage::Home::open(home);
  if (!opened) return fail(failure_of(opened.error()));
  auto identity = storage::read_identity(*opened);
  if (!identity) return fail(failure_of(identity.error()));
  if (!*identity) return fail(none);
  return std::move(**identity);
}

// Whom the peer of this home has decided about; nobody where there is no catalogue.
Outcome<std::vector<access::ArchivedPeer>> decided_peers(const std::string& home) {
  const std::string path = home + "/catalogue.db";
  if (!std::filesystem::exists(path)) return std::vector<access::ArchivedPeer>();
  auto catalogue = storage::Catalogue::open_read_only(path);
  if (!catalogue) return fail(failure_of(catalogue.error()));
  const auto known = catalogue->peers().all();
  if (!known) return fail(failure_of(known.error()));
  std::vector<access::ArchivedPeer> decided;
  for (const storage::PeerRecord& peer : *known) {
    if (peer.trust == access::Trust::kStranger || access::words_of(peer.id).empty()) continue;
    decided.push_back({.id = peer.id, .name = peer.name, .trust = peer.trust});
  }
  return decided;
}

Outcome<Bytes> read_sealed(const std::string& file) {
  const auto place = place_of(file);
  if (!place) return fail(place.error());
  const auto opened = place->folder.open_file_for_read(place->name);
  if (!opened) return fail(failure_of(opened.error()));
  auto bytes = storage::read_whole(*opened, access::kSealedBytesMax);
  if (!bytes && bytes.error().kind == Kind::kTooLarge) return fail(sealed_failure(file, access::SealError::kTooLarge));
  if (!bytes) return fail(failure_of(bytes.error()));
  if (const auto whole = access::check_sealed(*bytes); !whole) return fail(sealed_failure(file, whole.error()));
  return std::move(*bytes);
}

Outcome<void> put_trust(storage::PeerBook& book, const std::vector<access::ArchivedPeer>& peers) {
  for (const access::ArchivedPeer& peer : peers) {
    const auto known = book.find(peer.id);
    if (!known) return fail(failure_of(known.error()));
    storage::PeerRecord record = known->value_or(storage::PeerRecord{.id = peer.id, .name = peer.name, .level = 1});
    record.trust = peer.trust;
    if (const auto kept = book.put(record); !kept) return fail(failure_of(kept.error()));
  }
  return {};
}

}  // namespace

Outcome<IdentityView> export_identity(const ExportRequest& request, const AskPassphrase& ask) {
  auto identity = identity_in(request.home);
  if (!identity) return fail(identity.error());
  auto id = transport::peer_id_of_certificate_pem(identity->certificate);
  if (!id) return fail(key_failure(id.error()));
  auto peers = decided_peers(request.home);
  if (!peers) return fail(peers.error());
  const auto place = place_of(request.file);
  if (!place) return fail(place.error());
  if (place->folder.stat_entry(place->name)) {
    return fail_with(FailureCode::kRefused, fmt::format("{} is there already. Choose another name.", request.file));
  }
  const auto passphrase = ask();
  if (!passphrase) return fail(passphrase.error());
  if (passphrase->size() < kPassphraseBytesMin) {
    return fail_with(FailureCode::kUsage,
                     fmt::format("The passphrase is too short: it needs {} characters at least.", kPassphraseBytesMin));
  }
  const access::IdentityArchive archive{.key_pem = std::move(identity->key), .peers = std::move(*peers)};
  const auto sealed = access::seal_identity(archive, {.passphrase = *passphrase, .chance = fresh_chance()});
  if (!sealed) return fail_with(FailureCode::kFailed, fmt::format("Not exported: {}.", to_string(sealed.error())));
  const auto written = storage::write_durably(place->folder, {.name = place->name, .bytes = *sealed, .mode = 0600});
  if (!written) return fail(failure_of(written.error()));
  return view_of(std::move(*id), archive.peers);
}

Outcome<IdentityView> import_identity(const ImportRequest& request, const AskPassphrase& ask) {
  const auto sealed = read_sealed(request.file);
  if (!sealed) return fail(sealed.error());
  const auto home = storage::Home::open(request.home);
  if (!home) return fail(failure_of(home.error()));
  const auto lock = home->lock();
  if (!lock) return fail(failure_of(lock.error()));
  const auto before = storage::read_identity(*home);
  if (!before) return fail(failure_of(before.error()));
  if (*before && request.existing == ImportRequest::Existing::kRefuse) {
    return fail_with(FailureCode::kRefused, fmt::format("{} has an identity already. --replace puts this one in its "
                                                        "place and keeps the other beside it.",
                                                        request.home));
  }
  const auto passphrase = ask();
  if (!passphrase) return fail(passphrase.error());
  const auto archive = access::unseal_identity(*sealed, *passphrase);
  if (!archive) return fail(sealed_failure(request.file, archive.error()));
  const auto identity = transport::identity_of_key_pem(archive->key_pem);
  if (!identity) return fail(key_failure(identity.error()));
  auto id = transport::peer_id_of_certificate_pem(identity->certificate_pem);
  if (!id) return fail(key_failure(id.error()));
  auto catalogue = storage::Catalogue::open(home->catalogue_path());
  if (!catalogue) return fail(failure_of(catalogue.error()));
  IdentityView view = view_of(std::move(*id), archive->peers);
  const storage::IdentityPem pem{.key = identity->key_pem, .certificate = identity->certificate_pem};
  if (*before) {
    const auto kept = storage::exchange_identity(*home, pem);
    if (!kept) return fail(failure_of(kept.error()));
    view.kept = request.home + "/" + *kept;
  } else if (const auto written = storage::write_identity(*home, pem); !written) {
    return fail(failure_of(written.error()));
  }
  if (auto kept = put_trust(catalogue->peers(), archive->peers); !kept) return fail(kept.error());
  return view;
}

}  // namespace essaim::node
