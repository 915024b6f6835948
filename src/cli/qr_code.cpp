#include "cli/qr_code.hpp"

#include <memory>

#include <qrencode.h>

namespace essaim::cli {
namespace {

constexpr int kMargin = 4;
constexpr std::string_view kBlackOnWhite = "\x1b[38;5;16;48;5;231m";
constexpr std::string_view kPlain = "\x1b[0m";

struct QrFree {
  void operator()(QRcode* code) const { QRcode_free(code); }
};

bool is_dark(const QRcode& code, int row, int column) {
  if (row < 0 || column < 0 || row >= code.width || column >= code.width) return false;
  return (code.data[row * code.width + column] & 1U) != 0;
}

std::string_view block(bool upper, bool lower) {
  if (upper) return lower ? "█" : "▀";
  return lower ? "▄" : " ";
}

}  // namespace

std::optional<std::string> qr_code(std::string_view text, QrColours colours) {
  if (text.find('\0') != std::string_view::npos) return std::nullopt;
  const std::string terminated(text);
  // The least correction: a screen has no scratches, and the picture stays small.
  const std::unique_ptr<QRcode, QrFree> code(QRcode_encodeString8bit(terminated.c_str(), 0, QR_ECLEVEL_L));
  if (code == nullptr) return std::nullopt;
  const bool own = colours == QrColours::kBlackOnWhite;
  const int end = code->width + kMargin;
  std::string picture;
  for (int row = -kMargin; row < end; row += 2) {
    if (own) picture += kBlackOnWhite;
    for (int column = -kMargin; column < end; ++column) {
      // What is drawn is the dark modules, or the light ones on a dark ground.
      picture += block(is_dark(*code, row, column) == own, is_dark(*code, row + 1, column) == own);
    }
    if (own) picture += kPlain;
    picture += '\n';
  }
  return picture;
}

}  // namespace essaim::cli
