#include "cli/session.hpp"

#include <cstdlib>
#include <utility>

#include <boost/asio/post.hpp>
#include <fmt/format.h>

#include "node/config.hpp"

namespace essaim::cli {
namespace {

using node::Failure;
using node::FailureCode;
using node::Outcome;

}  // namespace

Outcome<std::string> home_of(const Context& context) {
  std::optional<std::string> home = node::home_folder(context.common.home, context.environment);
  if (home) return std::move(*home);
  return fail(Failure{FailureCode::kUsage, "There is no home folder to keep things in. Name one with --home DIR."});
}

Session::Session(Context& context, std::string socket_path)
    : context_(context), client_(context.io, std::move(socket_path)) {
  context_.interrupt.on_asked([this] { client_.interrupt(); });
}

Session::~Session() {
  stop();
  context_.interrupt.on_asked({});
}

Outcome<std::unique_ptr<Session>> Session::find(Context& context) {
  const Outcome<std::string> home = home_of(context);
  if (!home) return fail(home.error());
  std::unique_ptr<Session> session(new Session(context, api::socket_path_of(*home)));
  if (session->client_.reachable()) return session;
  return fail(Failure{FailureCode::kFailed,
                      fmt::format("No node runs on {}. Start one with `essaim up`, or choose another --home.", *home)});
}

Outcome<std::unique_ptr<Session>> Session::find_or_start(Context& context, const node::Settings& settings) {
  const Outcome<std::string> home = home_of(context);
  if (!home) return fail(home.error());
  std::unique_ptr<Session> session(new Session(context, api::socket_path_of(*home)));
  if (session->client_.reachable()) return session;
  const Outcome<void> started = session->start_own(*home, settings);
  if (!started) return fail(started.error());
  return session;
}

Outcome<std::unique_ptr<Session>> Session::start(Context& context, const node::Settings& settings) {
  const Outcome<std::string> home = home_of(context);
  if (!home) return fail(home.error());
  std::unique_ptr<Session> session(new Session(context, api::socket_path_of(*home)));
  if (session->client_.reachable()) {
    return fail(Failure{FailureCode::kRefused,
                        fmt::format("A node runs on {} already. Stop it with `essaim stop`, use it as it is "
                                    "(`essaim share`, `essaim get`), or choose another --home.",
                                    *home)});
  }
  const Outcome<void> started = session->start_own(*home, settings);
  if (!started) return fail(started.error());
  return session;
}

Outcome<void> Session::start_own(const std::string& home, const node::Settings& settings) {
  Outcome<node::Config> config = node::with_config_file(home, settings);
  if (!config) return fail(config.error());
  const auto on_stopped = [this] { boost::asio::post(context_.io, [this] { stopped_ = true; }); };
  Outcome<std::unique_ptr<RunningNode>> node = context_.runner.start(std::move(*config), context_.log, on_stopped);
  if (!node) return fail(node.error());
  own_ = std::move(*node);
  return {};
}

void Session::let_it_discover() {
  if (!is_own()) return;
  context_.interrupt.run_until([this] { return context_.interrupt.asked() || stopped_; }, kDiscoveryWait);
}

void Session::serve() {
  context_.interrupt.run_until([this] { return context_.interrupt.asked() || stopped_; });
}

void Session::stop() {
  if (!is_own()) return;
  own_->request_stop();
  context_.interrupt.run_until([this] { return stopped_; }, kStopPatience);
  if (!stopped_) {
    context_.output.complain({FailureCode::kFailed, "The node did not stop in time; it is ended now."});
    std::_Exit(static_cast<int>(ExitCode::kFailed));
  }
  own_.reset();
}

}  // namespace essaim::cli
