#include "cli/download_report.hpp"

#include <algorithm>
#include <cstdint>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <fmt/format.h>

#include "api/views_json.hpp"
#include "base/text.hpp"
#include "cli/human.hpp"
#include "cli/progress.hpp"

namespace essaim::cli {
namespace {

namespace json = boost::json;
using node::TransferView;

constexpr double kSecondsMin = 0.001;  // what a speed is computed over at least

json::object done_document(const TransferView& transfer) {
  json::object document;
  document["id"] = transfer.id;
  document["path"] = transfer.path;
  document["bytes"] = transfer.bytes_total;
  document["seconds"] = transfer.seconds;
  json::array sources;
  for (const node::SourceView& source : transfer.sources) {
    json::object object;
    object["peer_id"] = source.peer_id.text;
    object["bytes"] = source.bytes;
    sources.push_back(std::move(object));
  }
  document["sources"] = std::move(sources);
  return document;
}

json::object failed_document(const std::string& key, const std::string& value, const node::Failure& failure) {
  json::object document;
  document[key] = value;
  document["error"] = api::to_json(failure);
  return document;
}

std::string done_line(const TransferView& transfer) {
  if (transfer.already_there) return fmt::format("{} (it was there already)", transfer.path);
  std::uint64_t received = 0;
  for (const node::SourceView& source : transfer.sources) received += source.bytes;
  const double speed = static_cast<double>(received) / std::max(transfer.seconds, kSecondsMin);
  return fmt::format("{} ({} in {}, {} from {})", transfer.path, human_bytes(transfer.bytes_total),
                     human_seconds(transfer.seconds), human_rate(speed), counted(transfer.sources.size(), "peer"));
}

}  // namespace

std::chrono::milliseconds DownloadReport::told_every() const {
  if (output_.json()) return kJsonEvery;
  return output_.can_draw() ? kDrawEvery : kLineEvery;
}

void DownloadReport::begun(const TransferView& transfer) {
  output_.print_json(event_document("started", api::to_json(transfer)));
  if (output_.can_draw()) return;
  output_.note(
      printable(fmt::format("{}: {}, into {}", transfer.name, human_bytes(transfer.bytes_total), transfer.path)));
}

void DownloadReport::progressed(const std::vector<TransferView>& running, Instant now) {
  if (running.empty() || (told_ && now - *told_ < told_every())) return;
  // The lines of a log begin one period after the start, of which a line has told.
  const bool first_line = !told_ && !output_.can_draw();
  told_ = now;
  if (first_line) return;
  for (const TransferView& transfer : running) {
    output_.print_json(event_document("progress", api::to_json(transfer)));
  }
  const Progress progress = summarise(running);
  if (output_.can_draw()) return output_.draw(bar_line(progress, output_.columns()));
  output_.note(plain_line(progress));
}

ExitCode DownloadReport::ended(const TransferView& transfer) {
  switch (transfer.state) {
    case node::TransferState::kDone: done(transfer); return ExitCode::kDone;
    case node::TransferState::kPaused:
      return failed(transfer, {node::FailureCode::kInterrupted,
                               fmt::format("{} was paused. `essaim resume {}` goes on.", transfer.name, transfer.id)});
    case node::TransferState::kCancelled:
      return failed(transfer, {node::FailureCode::kRefused, transfer.name + " was cancelled."});
    default:
      return failed(transfer, transfer.failure.value_or(
                                  node::Failure{node::FailureCode::kFailed, transfer.name + " could not be fetched."}));
  }
}

void DownloadReport::done(const TransferView& transfer) {
  output_.print_json(event_document("done", done_document(transfer)));
  if (!output_.quiet()) output_.print(printable(done_line(transfer)) + "\n");
}

ExitCode DownloadReport::failed(const TransferView& transfer, const node::Failure& failure) {
  output_.print_json(event_document("failed", failed_document("id", transfer.id, failure)));
  return output_.json() ? exit_code_of(failure.code) : output_.complain(failure);
}

ExitCode DownloadReport::refused(const std::string& target, const node::Failure& failure) {
  output_.print_json(event_document("failed", failed_document("target", target, failure)));
  return output_.json() ? exit_code_of(failure.code) : output_.complain(failure);
}

void DownloadReport::interrupted(const TransferView& transfer) {
  json::object document;
  document["id"] = transfer.id;
  document["bytes_done"] = transfer.bytes_done;
  document["bytes_total"] = transfer.bytes_total;
  output_.print_json(event_document("interrupted", document));
  output_.note(
      printable(fmt::format("{}: interrupted after {} of {}. The same command goes on from there.", transfer.name,
                            human_bytes(transfer.bytes_done), human_bytes(transfer.bytes_total))));
}

}  // namespace essaim::cli
