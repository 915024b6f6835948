// Keeps who we are: the private key and its certificate, as PEM texts made elsewhere.
#pragma once
#include <cstddef>
#include <optional>
#include <string>

#include "storage/home.hpp"
#include "storage/storage_error.hpp"

namespace essaim::storage {

struct IdentityPem {
  std::string key;
  std::string certificate;
};

inline constexpr std::size_t kIdentityFileBytesMax = 64 * 1024;

// Nothing where no key was ever written. kPermission where the key can be read by others than its owner: then it may
// have been read, and a person must decide. kCorrupt where a file is longer than kIdentityFileBytesMax or the
// certificate is missing.
[[nodiscard]] Result<std::optional<IdentityPem>> read_identity(const Home& home);

// Atomic and durable when it returns; the key with mode 0600. kExists, with nothing changed, where there is a key: a
// key is never overwritten.
[[nodiscard]] Result<void> write_identity(const Home& home, const IdentityPem& identity);
// Puts this identity in the place of the one that is there, which is kept beside it as identity.key.old-N and
// identity.crt.old-N, N the first number from 1 that is free; answers the former. Where it breaks off, what was there
// is kept, and what is there may be a key and a certificate that do not belong together.
[[nodiscard]] Result<std::string> exchange_identity(const Home& home, const IdentityPem& identity);
// Replaces the certificate alone (the key, and so the peer id, stay).
[[nodiscard]] Result<void> replace_certificate(const Home& home, const std::string& certificate);

}  // namespace essaim::storage
