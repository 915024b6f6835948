// How far downloads are, in one line. Pure: the same transfers and the same width give the same line.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "node/views.hpp"

namespace essaim::cli {

// One transfer, or several together.
struct Progress {
  std::string label;
  std::uint64_t bytes_done = 0;
  std::uint64_t bytes_total = 0;
  std::uint64_t files_done = 0;
  std::uint64_t files_total = 0;  // 0: not a folder
  double bytes_per_second = 0;
  std::size_t sources = 0;
  std::optional<double> seconds_left;
  std::string note;  // why it does not go on right now: "paused", "the disk is full"
};
[[nodiscard]] Progress summarise(std::span<const node::TransferView> transfers);

// For a terminal: at most `columns` - 1 columns wide, so that it never wraps. What does not fit is left out, the
// least important first.
[[nodiscard]] std::string bar_line(const Progress& progress, std::size_t columns);

// For a log: "talk.mp4: 45%, 1.2 of 2.6 GiB, 112 MiB/s, 3 sources, 0:12 left".
[[nodiscard]] std::string plain_line(const Progress& progress);

}  // namespace essaim::cli
