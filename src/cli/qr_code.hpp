// A QR code as text, for a camera to read off the terminal.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace essaim::cli {

enum class QrColours {
  kBlackOnWhite,  // by escape codes of its own: right on dark and on light terminals
  kTerminal,      // no escape codes: right where the writing is lighter than what it stands on
};

// Lines of half blocks, two modules a character, with the margin of four modules that ISO/IEC 18004 asks for. Nothing
// where the text is empty, longer than a code can hold (2953 bytes), or has a zero byte.
[[nodiscard]] std::optional<std::string> qr_code(std::string_view text, QrColours colours);

}  // namespace essaim::cli
