// Rows in aligned columns.
#pragma once
#include <cstddef>
#include <string>
#include <vector>

namespace essaim::cli {

enum class Align { kLeft, kRight };

struct Column {
  std::string title;
  Align align = Align::kLeft;
  std::size_t columns_max = 0;  // longer cells are cut; 0: never
};

// The last column is not padded, so lines have no spaces at their ends.
class Table {
 public:
  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

  // As many cells as columns. Cells may hold what a peer chose: they go through printable() here.
  void add(std::vector<std::string> cells);

  // One line a row, titles first; each ends with '\n'. Nothing at all where there are no rows.
  [[nodiscard]] std::string text() const;

 private:
  [[nodiscard]] std::string line(const std::vector<std::string>& cells, const std::vector<std::size_t>& widths) const;

  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace essaim::cli
