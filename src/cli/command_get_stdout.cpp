// `essaim get TARGET --stdout`: one file, in order, while it comes.
#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include "api/views_json.hpp"
#include "cli/commands.hpp"
#include "cli/content_output.hpp"
#include "cli/download_report.hpp"

namespace essaim::cli {
namespace {

using node::Outcome;
using node::TransferState;
using node::TransferView;

constexpr std::chrono::milliseconds kLookEvery{100};

class Reading {
 public:
  Reading(Context& context, Session& session)
      : context_(context), session_(session), report_(context.output), bytes_(context.io, context.output.screen()) {
    context_.interrupt.on_asked([this] {
      session_.client().interrupt();
      bytes_.cancel();
    });
    bytes_.when_nobody_reads([this] {
      unread_ = true;
      session_.client().interrupt();
    });
  }
  ~Reading() {
    context_.interrupt.on_asked([&session = session_] { session.client().interrupt(); });
  }
  Reading(const Reading&) = delete;
  Reading& operator=(const Reading&) = delete;

  [[nodiscard]] ExitCode run(const GetOptions& options) {
    const Outcome<void> done = read(options);
    context_.output.draw("");
    if (context_.interrupt.asked()) return ExitCode::kInterrupted;
    if (unread_) return ExitCode::kDone;
    if (bytes_.failure()) return context_.output.complain(*bytes_.failure());
    return done ? ExitCode::kDone : context_.output.complain(reason(done.error()));
  }

 private:
  Outcome<void> read(const GetOptions& options) {
    if (const Outcome<void> following = session_.client().subscribe(); !following) return following;
    node::GetRequest request;
    request.target = options.targets.front();
    request.purpose = node::Purpose::kRead;
    request.bytes_per_second = options.settings.down_bytes_per_second;
    Outcome<TransferView> begun = session_.node().get(request);
    if (!begun) return fail(begun.error());
    shown_ = *begun;
    if (const Outcome<void> named = wait_for_id(); !named) return named;
    began_ = std::chrono::steady_clock::now();
    shown_.bytes_done = 0;
    return session_.client().read_file(*shown_.content_id, [this](ByteView piece) { return take(piece); });
  }

  // Of a file that its peer has not hashed yet, the content is known when that is done.
  Outcome<void> wait_for_id() {
    while (!shown_.content_id && !is_over()) {
      const auto event = session_.client().next_event(kLookEvery);
      if (!event) return fail(event.error());
      if (!*event || (*event)->kind != "transfer") continue;
      const std::optional<TransferView> news = api::from_json<TransferView>((*event)->data);
      if (news && news->id == shown_.id) shown_ = *news;
    }
    if (shown_.content_id) return {};
    return fail(shown_.failure.value_or(node::Failure{node::FailureCode::kInterrupted, "It was stopped."}));
  }
  [[nodiscard]] bool is_over() const {
    return shown_.state == TransferState::kFailed || shown_.state == TransferState::kCancelled ||
           shown_.state == TransferState::kPaused;
  }

  boost::asio::awaitable<bool> take(ByteView piece) {
    const bool taken = co_await bytes_.write(piece);
    shown_.bytes_done += piece.size();
    if (context_.output.can_draw()) draw();
    co_return taken;
  }
  void draw() {
    const auto now = std::chrono::steady_clock::now();
    const double seconds = std::max(std::chrono::duration<double>(now - began_).count(), 0.001);
    shown_.state = TransferState::kRunning;
    shown_.bytes_total = std::max(shown_.bytes_total, shown_.bytes_done);
    shown_.bytes_per_second = static_cast<double>(shown_.bytes_done) / seconds;
    shown_.seconds_left = static_cast<double>(shown_.bytes_total - shown_.bytes_done) / shown_.bytes_per_second;
    report_.progressed({shown_}, Instant(std::chrono::duration_cast<Duration>(now.time_since_epoch())));
  }

  // Why the bytes ended early: the download knows more of it than the connection.
  node::Failure reason(const node::Failure& failure) {
    if (!shown_.content_id) return failure;
    const Outcome<TransferView> last = session_.node().transfer(shown_.id);
    if (last && last->failure) return *last->failure;
    const bool gone = !last && last.error().code == node::FailureCode::kNotFound;
    return gone ? node::Failure{node::FailureCode::kInterrupted, "The download was stopped before its end."} : failure;
  }

  Context& context_;
  Session& session_;
  DownloadReport report_;
  ContentOutput bytes_;
  TransferView shown_;
  std::chrono::steady_clock::time_point began_;
  bool unread_ = false;
};

}  // namespace

ExitCode read_to_stdout(const GetOptions& options, Context& context) {
  const auto session = Session::find_or_start(context, options.settings);
  if (!session) return context.output.complain(session.error());
  return Reading(context, **session).run(options);
}

}  // namespace essaim::cli
