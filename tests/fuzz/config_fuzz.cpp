// A config.toml that is taken leaves every setting within its limits; one that is not is refused with a sentence.
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <string>

#include "base/assert.hpp"
#include "base/bytes.hpp"
#include "node/config.hpp"
#include "support/temp_dir.hpp"

using namespace essaim;
using namespace essaim::node;

namespace {

// Gone when the target ends.
std::string home() {
  static const test::TempDir folder;
  return folder.text();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = as_text({data, size});
  static_cast<void>(parse_rate(text));
  static_cast<void>(is_host_and_port(text));
  std::ofstream(home() + "/config.toml", std::ios::binary | std::ios::trunc) << text;
  const auto config = with_config_file(home(), {});
  if (!config) {
    ASSERT(!config.error().message.empty());
    return 0;
  }
  ASSERT(size <= kConfigFileBytesMax);
  ASSERT(config->dest.starts_with('/') && config->home == home());
  ASSERT(!config->lanes || (*config->lanes >= 1 && *config->lanes <= kLanesMax));
  ASSERT(config->downloads_at_once >= 1 && config->downloads_at_once <= kDownloadsAtOnceMax);
  for (const std::string& endpoint : config->announce_to) ASSERT(is_host_and_port(endpoint));
  return 0;
}
