// The peer's memory: shares, their files, peers, transfers. An SQLite database in the home.
#pragma once
#include <memory>
#include <optional>
#include <string>

#include "storage/file_table.hpp"
#include "storage/offer_table.hpp"
#include "storage/peer_book.hpp"
#include "storage/share_table.hpp"
#include "storage/storage_error.hpp"
#include "storage/transfer_table.hpp"

namespace essaim::storage {

// Thread rule: a Catalogue belongs to one thread. The control thread owns the only one that writes; the indexer's
// threads hand their finds over as values (FileChanges) and the owner applies them. Any other thread that wants to
// read (a long search, the indexer's comparison with what is known) opens its own with open_read_only(): in WAL mode
// readers see the last commit and never hold a writer up.
//
// Durability: WAL with synchronous=NORMAL, so a loss of power may take the last commits of the index, which is found
// again by a scan, but never breaks the database; transfers commit with FULL.
class Catalogue {
 public:
  // Makes or migrates the database as needed. kCorrupt: see move_catalogue_aside(). kNewer: written by a newer version;
  // nothing was changed.
  [[nodiscard]] static Result<Catalogue> open(const std::string& path);
  [[nodiscard]] static Result<Catalogue> open_read_only(const std::string& path);

  Catalogue(Catalogue&&) noexcept;
  Catalogue& operator=(Catalogue&&) noexcept;
  ~Catalogue();

  [[nodiscard]] ShareTable& shares() { return shares_; }
  [[nodiscard]] FileTable& files() { return files_; }
  [[nodiscard]] PeerBook& peers() { return peers_; }
  [[nodiscard]] TransferTable& transfers() { return transfers_; }
  [[nodiscard]] OfferTable& offers() { return offers_; }

  // Small texts of the node's own, such as its share revision.
  [[nodiscard]] Result<std::optional<std::string>> setting(const std::string& key);
  [[nodiscard]] Result<void> put_setting(const std::string& key, const std::string& value);

  // Reads every page and compares (kCorrupt); seconds for a large catalogue. For `doctor` and after an unclean stop.
  [[nodiscard]] Result<void> check();

 private:
  explicit Catalogue(std::unique_ptr<SQLite::Database> database);

  std::unique_ptr<SQLite::Database> database_;
  ShareTable shares_;
  FileTable files_;
  PeerBook peers_;
  TransferTable transfers_;
  OfferTable offers_;
};

// Renames the database and what SQLite keeps beside it to `<path>.corrupt-N`, N the first free number from 1, so that
// open() starts anew; answers the new path. No Catalogue of it may be open.
[[nodiscard]] Result<std::string> move_catalogue_aside(const std::string& path);

}  // namespace essaim::storage
