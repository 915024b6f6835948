// Secrets that nobody can guess.
#pragma once
#include <string>

namespace essaim::api {

// 256 bits from the system's random source, as 52 characters of base32. Ends the program where there is no such source:
// what stands behind a secret that can be guessed is open.
[[nodiscard]] std::string make_secret();

}  // namespace essaim::api
