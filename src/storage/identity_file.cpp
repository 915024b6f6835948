#include "storage/identity_file.hpp"

#include "base/assert.hpp"
#include "storage/durable_file.hpp"

namespace essaim::storage {
namespace {

using Kind = StorageError::Kind;

constexpr std::string_view kKeyName = "identity.key";
constexpr std::string_view kCertificateName = "identity.crt";
constexpr unsigned kOldNumbersMax = 1000;

SafePath fixed_name(std::string_view name) {
  auto path = SafePath::parse(name);
  ASSERT(path.has_value());
  return *path;
}

Result<std::string> read_text(const OpenedFile& file, std::string_view name) {
  const auto bytes = read_whole(file, kIdentityFileBytesMax);
  if (bytes) return std::string(as_text(*bytes));
  if (bytes.error().kind == Kind::kTooLarge) return fail_kind(Kind::kCorrupt, name);
  return fail(bytes.error());
}

// Answers the name of the key.
Result<std::string> keep_old(const Home& home, const IdentityPem& identity) {
  for (unsigned number = 1; number <= kOldNumbersMax; ++number) {
    const std::string suffix = ".old-" + std::to_string(number);
    const SafePath key_name = fixed_name(std::string(kKeyName) + suffix);
    const SafePath certificate_name = fixed_name(std::string(kCertificateName) + suffix);
    auto kept = write_durably(home.directory(), {.name = key_name, .bytes = as_bytes(identity.key), .mode = 0600});
    if (!kept && kept.error().kind == Kind::kExists) continue;
    if (kept) {
      kept = write_durably(home.directory(),
                           {.name = certificate_name, .bytes = as_bytes(identity.certificate), .mode = 0644});
    }
    if (!kept) return fail(kept.error());
    return key_name.text();
  }
  return fail_kind(Kind::kExists, kKeyName);
}

}  // namespace

Result<std::optional<IdentityPem>> read_identity(const Home& home) {
  const auto key_file = home.directory().open_file_for_read(fixed_name(kKeyName));
  if (!key_file && key_file.error().kind == Kind::kNotFound) return std::nullopt;
  if (!key_file) return fail(key_file.error());
  if (!is_private(*key_file)) return fail_kind(Kind::kPermission, kKeyName);
  const auto certificate_file = home.directory().open_file_for_read(fixed_name(kCertificateName));
  if (!certificate_file && certificate_file.error().kind == Kind::kNotFound) {
    return fail_kind(Kind::kCorrupt, kCertificateName);
  }
  if (!certificate_file) return fail(certificate_file.error());
  auto key = read_text(*key_file, kKeyName);
  if (!key) return fail(key.error());
  auto certificate = read_text(*certificate_file, kCertificateName);
  if (!certificate) return fail(certificate.error());
  return IdentityPem{.key = std::move(*key), .certificate = std::move(*certificate)};
}

Result<void> write_identity(const Home& home, const IdentityPem& identity) {
  const SafePath key_name = fixed_name(kKeyName);
  if (home.directory().stat_entry(key_name)) return fail_kind(Kind::kExists, kKeyName);
  // The certificate first: there is an identity from the moment when there is a key.
  auto done = replace_certificate(home, identity.certificate);
  if (!done) return done;
  return write_durably(
      home.directory(),
      {.name = key_name, .bytes = as_bytes(identity.key), .mode = 0600, .clash = DurableFile::Clash::kRefuse});
}

Result<std::string> exchange_identity(const Home& home, const IdentityPem& identity) {
  const auto before = read_identity(home);
  if (!before) return fail(before.error());
  ASSERT(before->has_value());
  const auto kept = keep_old(home, **before);
  if (!kept) return fail(kept.error());
  if (auto done = replace_certificate(home, identity.certificate); !done) return fail(done.error());
  auto done = write_durably(home.directory(), {.name = fixed_name(kKeyName),
                                               .bytes = as_bytes(identity.key),
                                               .mode = 0600,
                                               .clash = DurableFile::Clash::kReplace});
  if (!done) return fail(done.error());
  return *kept;
}

Result<void> replace_certificate(const Home& home, const std::string& certificate) {
  return write_durably(home.directory(), {.name = fixed_name(kCertificateName),
                                          .bytes = as_bytes(certificate),
                                          .mode = 0644,
                                          .clash = DurableFile::Clash::kReplace});
}

}  // namespace essaim::storage
