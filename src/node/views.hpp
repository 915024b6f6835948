// What a node shows of itself, as plain values: the words of the command line, the API and the embedded library.
// Field names are those of the JSON documents (docs/api.md); they are stable.
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace essaim::node {

// Why something asked of a node did not happen. The order is that of the exit codes they end in.
enum class FailureCode {
  kFailed,       // disk, network, or a bug; exit code 1
  kUsage,        // what was asked makes no sense; 2
  kNotFound,     // no such peer, share, path, transfer; 3
  kAmbiguous,    // the name fits several things; 3
  kRefused,      // the other side, the file system or a rule said no; 4
  kInterrupted,  // stopped before the end, and can be resumed; 5
};
[[nodiscard]] std::string_view to_string(FailureCode code);

struct Failure {
  FailureCode code = FailureCode::kFailed;
  std::string message;  // for people: what happened, and what to do next
};

template <class T>
using Outcome = Expected<T, Failure>;

enum class EntryKind { kFile, kDirectory, kSymlink, kTree };  // kTree: a shared folder, whole
[[nodiscard]] std::string_view to_string(EntryKind kind);

struct PeerView {
  PeerId peer_id;
  std::string name;
  std::vector<std::string> addresses;  // the best first
  int level = 0;                       // 1: encrypted; 0: a classic peer
  bool online = false;
  std::string trust;                    // "unknown", "trusted", "blocked"
  std::optional<PeerId> not_the;        // another key was known under this name before, and is not forgotten
  std::optional<std::uint64_t> shares;  // how many, where a list has been seen
  std::string seen_by;  // the path on which it was last heard: "broadcast", "multicast", "unicast", "session"
  double seen_seconds_ago = 0;
};

// A line of a list: something that a peer shares.
struct EntryView {
  PeerId peer_id;
  std::string peer;  // its name
  std::string path;  // "Share/folder/file"
  EntryKind kind = EntryKind::kFile;
  std::uint64_t size = 0;
  UnixNanos mtime{};
  std::optional<ContentId> id;         // none until hashed, and for folders inside a share
  std::optional<ContentId> draft;      // of a file without an id: under it the file can be fetched all the same
  std::uint64_t bytes_hashed = 0;      // of what has no id yet
  std::optional<std::uint64_t> files;  // of a shared folder
  std::optional<std::string> link;     // where there is an id
};

struct EntryPage {
  std::vector<EntryView> entries;
  std::optional<std::string> cursor;  // give it back to get the next page
};

enum class ShareState { kIndexing, kReady, kMissing };  // kMissing: its path is not there now
[[nodiscard]] std::string_view to_string(ShareState state);

struct ShareView {
  std::string name;
  std::string path;
  EntryKind kind = EntryKind::kFile;
  std::uint64_t size = 0;
  std::uint64_t files = 0;
  std::string audience;
  std::optional<ContentId> id;
  std::optional<std::string> link;
  ShareState state = ShareState::kIndexing;
  std::uint64_t bytes_hashed = 0;     // of `size`, while indexing
  std::vector<std::string> left_out;  // names that can't be shared, each with its reason
};

struct SourceView {
  PeerId peer_id;
  std::string name;
  std::uint64_t bytes = 0;
};

// kWaiting: for its turn, as only so many run at once.
enum class TransferState { kWaiting, kResolving, kRunning, kPaused, kVerifying, kDone, kFailed, kCancelled };
[[nodiscard]] std::string_view to_string(TransferState state);

struct TransferView {
  std::string id;
  std::string name;
  EntryKind kind = EntryKind::kFile;
  TransferState state = TransferState::kResolving;
  std::string path;  // where it will be, or is
  std::optional<ContentId> content_id;
  std::uint64_t bytes_total = 0;
  std::uint64_t bytes_done = 0;
  std::uint64_t files_total = 0;
  std::uint64_t files_done = 0;
  double bytes_per_second = 0;
  std::optional<double> seconds_left;
  double seconds = 0;                  // since it began
  std::optional<std::uint64_t> limit;  // its own, in bytes a second
  std::vector<SourceView> sources;
  std::optional<std::uint64_t> expires;  // seconds since 1970: given up then, if nothing more of it has come
  bool already_there = false;            // done without a transfer: the right content stood there
  std::optional<Failure> failure;  // in kFailed, and in kRunning while it waits for something (no source, disk full)
};

// Which parts of a transfer are here: lists of one length, a number for each of the equal parts. Empty where nothing is
// being fetched, or too many files are.
struct TransferMapView {
  std::vector<std::uint64_t> have;     // percent of the part that is here
  std::vector<std::uint64_t> flight;   // percent that is on its way
  std::vector<std::uint64_t> sources;  // how many near hold what is missing of it
};

struct StatusView {
  PeerId peer_id;
  std::string words;  // the id as words that can be said aloud
  std::string name;
  std::string version;
  std::string home;
  std::string dest;  // where downloads go unless told otherwise
  std::uint16_t port = 0;
  std::uint16_t discovery_port = 0;
  bool classic = true;
  std::optional<std::string> web;  // the page's address, where there is one
  double uptime_seconds = 0;
  std::uint64_t peers_online = 0;
  std::uint64_t shares = 0;
  std::uint64_t transfers_running = 0;
  std::uint64_t bytes_sent = 0;
  std::uint64_t bytes_received = 0;
};

enum class Verdict { kOk, kHint, kProblem };
[[nodiscard]] std::string_view to_string(Verdict verdict);

// One finding of `doctor`.
struct DoctorLine {
  std::string check;  // "identity", "tcp port", "interface eth0", …
  Verdict verdict = Verdict::kOk;
  std::string finding;
  std::string advice;  // what to do; empty where all is well
};

}  // namespace essaim::node
