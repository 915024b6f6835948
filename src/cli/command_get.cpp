#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "api/views_json.hpp"
#include "cli/commands.hpp"
#include "cli/download_report.hpp"
#include "cli/paths.hpp"

namespace essaim::cli {
namespace {

using node::Outcome;
using node::TransferState;
using node::TransferView;

Instant now() {
  return Instant(std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now().time_since_epoch()));
}

bool is_over(const TransferView& transfer) {
  return transfer.state == TransferState::kDone || transfer.state == TransferState::kFailed ||
         transfer.state == TransferState::kCancelled || transfer.state == TransferState::kPaused;
}

// The downloads of one command, followed to their ends.
class Downloads {
 public:
  Downloads(Context& context, Session& session) : context_(context), session_(session), report_(context.output) {}

  [[nodiscard]] ExitCode run(const std::vector<node::GetRequest>& requests) {
    const Outcome<void> following = session_.client().subscribe();
    if (!following) return context_.output.complain(following.error());
    for (const node::GetRequest& request : requests) begin(request);
    while (!running_.empty() && !context_.interrupt.asked()) {
      const auto event = session_.client().next_event(kDrawEvery);
      if (!event && !context_.interrupt.asked()) return context_.output.complain(event.error());
      if (event && *event) take(**event);
      report_.progressed(running_, now());
    }
    if (context_.interrupt.asked()) leave();
    return code_;
  }

 private:
  void begin(const node::GetRequest& request) {
    if (context_.interrupt.asked()) return;
    const Outcome<TransferView> transfer = session_.node().get(request);
    if (!transfer) return end_with(report_.refused(request.target, transfer.error()));
    report_.begun(*transfer);
    if (is_over(*transfer)) return end_with(report_.ended(*transfer));
    running_.push_back(*transfer);
  }

  void take(const api::StreamEvent& event) {
    if (event.kind == "transfer") {
      const std::optional<TransferView> news = api::from_json<TransferView>(event.data);
      if (news) update(*news);
    } else if (event.kind == api::kResetEvent) {
      const Outcome<std::vector<TransferView>> all = session_.node().transfers();
      for (std::size_t i = 0; all && i < all->size(); ++i) update((*all)[i]);
    }
  }

  void update(const TransferView& news) {
    const auto found = std::ranges::find(running_, news.id, &TransferView::id);
    if (found == running_.end()) return;
    *found = news;
    if (!is_over(news)) return;
    running_.erase(found);
    end_with(report_.ended(news));
  }

  // Ctrl-C: a node that goes on running is told to pause; one of the command's own stops in a moment.
  void leave() {
    for (TransferView& transfer : running_) {
      const Outcome<TransferView> paused =
          session_.is_own() ? session_.node().transfer(transfer.id) : session_.node().pause(transfer.id);
      if (paused) transfer = *paused;
      report_.interrupted(transfer);
    }
    end_with(ExitCode::kInterrupted);
  }

  // The first thing that goes wrong decides.
  void end_with(ExitCode code) {
    if (code_ == ExitCode::kDone) code_ = code;
  }

  Context& context_;
  Session& session_;
  DownloadReport report_;
  std::vector<TransferView> running_;
  ExitCode code_ = ExitCode::kDone;
};

}  // namespace

ExitCode run(const GetOptions& options, Context& context) {
  if (options.to_stdout) return read_to_stdout(options, context);
  const auto session = Session::find_or_start(context, options.settings);
  if (!session) return context.output.complain(session.error());
  std::vector<node::GetRequest> requests;
  for (const std::string& target : options.targets) {
    node::GetRequest& request = requests.emplace_back();
    request.target = target;
    if (options.first) request.turn = node::GetRequest::Turn::kFirst;
    if (options.settings.down_bytes_per_second != 0) request.bytes_per_second = options.settings.down_bytes_per_second;
    if (options.dest) request.dest = absolute_dest(*options.dest, context.working_folder);
  }
  return Downloads(context, **session).run(requests);
}

}  // namespace essaim::cli
