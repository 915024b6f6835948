// What `get` tells about its downloads: a bar on a terminal, lines elsewhere, objects with --json.
#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "cli/output.hpp"
#include "node/views.hpp"

namespace essaim::cli {

inline constexpr std::chrono::milliseconds kDrawEvery{100};
inline constexpr std::chrono::milliseconds kLineEvery{5000};
inline constexpr std::chrono::milliseconds kJsonEvery{1000};

class DownloadReport {
 public:
  explicit DownloadReport(Output& output) : output_(output) {}

  void begun(const node::TransferView& transfer);
  // How far those are that still run. May be called as often as one likes.
  void progressed(const std::vector<node::TransferView>& running, Instant now);
  // Done, failed, cancelled, or paused; answers the code that stands for it.
  [[nodiscard]] ExitCode ended(const node::TransferView& transfer);
  // Left by Ctrl-C.
  void interrupted(const node::TransferView& transfer);
  // Not even begun.
  [[nodiscard]] ExitCode refused(const std::string& target, const node::Failure& failure);

 private:
  void done(const node::TransferView& transfer);
  [[nodiscard]] ExitCode failed(const node::TransferView& transfer, const node::Failure& failure);
  [[nodiscard]] std::chrono::milliseconds told_every() const;

  Output& output_;
  std::optional<Instant> told_;
};

}  // namespace essaim::cli
