// The owner's browser.
#pragma once
#include <string>

namespace essaim::cli {

// Asks the desktop to show `url`, and does not wait for it. False where the desktop has no xdg-open.
[[nodiscard]] bool start_browser(const std::string& url);

}  // namespace essaim::cli
