#include "node/failures.hpp"

#include <utility>

#include "base/result.hpp"

namespace essaim::node {

Failure failure_of(const storage::StorageError& error) {
  using Kind = storage::StorageError::Kind;
  switch (error.kind) {
    case Kind::kNotFound: return {FailureCode::kNotFound, describe(error)};
    case Kind::kPermission:
    case Kind::kReadOnly:
    case Kind::kOutside:
    case Kind::kExists:
    case Kind::kLocked: return {FailureCode::kRefused, describe(error)};
    case Kind::kCancelled: return {FailureCode::kInterrupted, describe(error)};
    default: return {FailureCode::kFailed, describe(error)};
  }
}

std::unexpected<Failure> fail_with(FailureCode code, std::string message) {
  return fail(Failure{code, std::move(message)});
}

}  // namespace essaim::node
