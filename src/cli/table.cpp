#include "cli/table.hpp"

#include <algorithm>
#include <utility>

#include "base/assert.hpp"
#include "base/text.hpp"
#include "cli/columns.hpp"

namespace essaim::cli {
namespace {

constexpr std::string_view kGap = "  ";

}  // namespace

void Table::add(std::vector<std::string> cells) {
  ASSERT(cells.size() == columns_.size());
  for (std::size_t i = 0; i < cells.size(); ++i) {
    cells[i] = printable(cells[i]);
    if (columns_[i].columns_max > 0) cells[i] = fit(cells[i], columns_[i].columns_max);
  }
  rows_.push_back(std::move(cells));
}

std::string Table::line(const std::vector<std::string>& cells, const std::vector<std::size_t>& widths) const {
  std::string text;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const bool last = i + 1 == cells.size();
    if (columns_[i].align == Align::kRight) {
      text += pad_left(cells[i], widths[i]);
    } else {
      text += last ? cells[i] : pad_right(cells[i], widths[i]);
    }
    if (!last) text += kGap;
  }
  text.erase(text.find_last_not_of(' ') + 1);
  return text + "\n";
}

std::string Table::text() const {
  if (rows_.empty()) return {};
  std::vector<std::string> titles;
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    titles.push_back(columns_[i].title);
    widths.push_back(columns_of(columns_[i].title));
    for (const auto& row : rows_) widths[i] = std::max(widths[i], columns_of(row[i]));
  }
  std::string text = line(titles, widths);
  for (const auto& row : rows_) text += line(row, widths);
  return text;
}

}  // namespace essaim::cli
