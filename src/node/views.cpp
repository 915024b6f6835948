#include "node/views.hpp"

namespace essaim::node {

std::string_view to_string(FailureCode code) {
  switch (code) {
    case FailureCode::kFailed: return "failed";
    case FailureCode::kUsage: return "usage";
    case FailureCode::kNotFound: return "not_found";
    case FailureCode::kAmbiguous: return "ambiguous";
    case FailureCode::kRefused: return "refused";
    case FailureCode::kInterrupted: return "interrupted";
  }
  return "failed";
}

std::string_view to_string(EntryKind kind) {
  switch (kind) {
    case EntryKind::kFile: return "file";
    case EntryKind::kDirectory: return "directory";
    case EntryKind::kSymlink: return "symlink";
    case EntryKind::kTree: return "tree";
  }
  return "file";
}

std::string_view to_string(ShareState state) {
  switch (state) {
    case ShareState::kIndexing: return "indexing";
    case ShareState::kReady: return "ready";
    case ShareState::kMissing: return "missing";
  }
  return "missing";
}

std::string_view to_string(TransferState state) {
  switch (state) {
    case TransferState::kWaiting: return "waiting";
    case TransferState::kResolving: return "resolving";
    case TransferState::kRunning: return "running";
    case TransferState::kPaused: return "paused";
    case TransferState::kVerifying: return "verifying";
    case TransferState::kDone: return "done";
    case TransferState::kFailed: return "failed";
    case TransferState::kCancelled: return "cancelled";
  }
  return "failed";
}

std::string_view to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::kOk: return "ok";
    case Verdict::kHint: return "hint";
    case Verdict::kProblem: return "problem";
  }
  return "problem";
}

}  // namespace essaim::node
