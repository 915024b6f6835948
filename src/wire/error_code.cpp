#include "wire/error_code.hpp"

#include <algorithm>
#include <array>

namespace essaim::wire {
namespace {

struct Row {
  ErrorCode code;
  std::string_view text;
};
constexpr std::array kRows{
    Row{ErrorCode::kBadRequest, "bad_request"},
    Row{ErrorCode::kUnsupported, "unsupported"},
    Row{ErrorCode::kNotFound, "not_found"},
    Row{ErrorCode::kChanged, "changed"},
    Row{ErrorCode::kBusy, "busy"},
    Row{ErrorCode::kTooLarge, "too_large"},
    Row{ErrorCode::kUpgradeRequired, "upgrade_required"},
    Row{ErrorCode::kInternal, "internal"},
    Row{ErrorCode::kGoodbye, "goodbye"},
    Row{ErrorCode::kUnknown, "unknown"},
};

}  // namespace

std::string_view to_text(ErrorCode code) {
  const auto* row = std::ranges::find(kRows, code, &Row::code);
  return row == kRows.end() ? "unknown" : row->text;
}

ErrorCode error_code_from_text(std::string_view text) {
  const auto* row = std::ranges::find(kRows, text, &Row::text);
  return row == kRows.end() ? ErrorCode::kUnknown : row->code;
}

}  // namespace essaim::wire
