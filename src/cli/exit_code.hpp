// What a command's end tells a script.
#pragma once
#include "node/views.hpp"

namespace essaim::cli {

enum class ExitCode : int {
  kDone = 0,
  kFailed = 1,
  kUsage = 2,
  kNotFound = 3,
  kRefused = 4,
  kInterrupted = 5,  // and the same command goes on from there
};

[[nodiscard]] constexpr ExitCode exit_code_of(node::FailureCode code) {
  switch (code) {
    case node::FailureCode::kFailed: return ExitCode::kFailed;
    case node::FailureCode::kUsage: return ExitCode::kUsage;
    case node::FailureCode::kNotFound: return ExitCode::kNotFound;
    case node::FailureCode::kAmbiguous: return ExitCode::kNotFound;
    case node::FailureCode::kRefused: return ExitCode::kRefused;
    case node::FailureCode::kInterrupted: return ExitCode::kInterrupted;
  }
  return ExitCode::kFailed;
}

}  // namespace essaim::cli
