// What a peer, a person or a disk can cause is a value, not an exception. Each folder names its own errors.
#pragma once
#include <expected>
#include <utility>

namespace essaim {

template <class Value, class Error>
using Expected = std::expected<Value, Error>;

// Makes the error side of an Expected: return fail(Error::kTooLong);
template <class Error>
[[nodiscard]] std::unexpected<Error> fail(Error error) {
  return std::unexpected<Error>(std::move(error));
}

}  // namespace essaim
