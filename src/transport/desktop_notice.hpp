// A line on the person's desktop, where there is one.
#pragma once
#include <string>

namespace essaim::transport {

struct DesktopNotice {
  std::string title;
  std::string text;
};

// Hands it to `notify-send` (libnotify), if that is installed and a session bus is there; else does nothing. Does not
// wait for it. Both texts go through printable() (base/text.hpp), and no markup in them has an effect.
void show_on_desktop(const DesktopNotice& notice);

}  // namespace essaim::transport
