// Whatever stands in a file that is to be imported, it is refused or is an identity, within its bounds.
#include <cstddef>
#include <cstdint>

#include "access/identity_archive.hpp"
#include "base/assert.hpp"

using namespace essaim;
using namespace essaim::access;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView bytes{data, size};
  if (const auto checked = check_sealed(bytes); !checked) ASSERT(!to_string(checked.error()).empty());
  const auto archive = parse_identity(bytes);
  if (!archive) return 0;
  ASSERT(archive->key_pem.size() <= kArchiveKeyBytesMax && archive->peers.size() <= kArchivePeersMax);
  const auto sealed = seal_identity(*archive, {.passphrase = "fuzz", .chance = {}, .log_n = 1});
  ASSERT(sealed && check_sealed(*sealed) && unseal_identity(*sealed, "fuzz") == *archive);
  return 0;
}
