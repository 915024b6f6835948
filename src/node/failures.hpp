// From the errors of the folders below to what a person is told.
#pragma once
#include <string>
#include <string_view>

#include "node/views.hpp"
#include "storage/storage_error.hpp"

namespace essaim::node {

[[nodiscard]] Failure failure_of(const storage::StorageError& error);
[[nodiscard]] std::unexpected<Failure> fail_with(FailureCode code, std::string message);

}  // namespace essaim::node
