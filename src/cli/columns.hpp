// Text measured in the columns of a terminal.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace essaim::cli {

// How many columns a terminal gives the text (UTF-8, and printable() already): two to East Asian wide characters and
// emoji, none to combining marks, one to everything else.
[[nodiscard]] std::size_t columns_of(std::string_view text);

// The text where it fits, else its beginning and "…"; never more than `columns`.
[[nodiscard]] std::string fit(std::string_view text, std::size_t columns);

// The text and spaces up to `columns`; left alone where it is longer.
[[nodiscard]] std::string pad_right(std::string_view text, std::size_t columns);
[[nodiscard]] std::string pad_left(std::string_view text, std::size_t columns);

}  // namespace essaim::cli
