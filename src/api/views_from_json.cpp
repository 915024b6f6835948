#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <boost/json/string.hpp>

#include "api/views_json.hpp"
#include "base/text.hpp"

namespace essaim::api {
namespace {

namespace json = boost::json;

template <class Enum>
constexpr std::array<Enum, 0> kWords{};
template <>
constexpr std::array kWords<node::FailureCode>{node::FailureCode::kFailed,   node::FailureCode::kUsage,
                                               node::FailureCode::kNotFound, node::FailureCode::kAmbiguous,
                                               node::FailureCode::kRefused,  node::FailureCode::kInterrupted};
template <>
constexpr std::array kWords<node::EntryKind>{node::EntryKind::kFile, node::EntryKind::kDirectory,
                                             node::EntryKind::kSymlink, node::EntryKind::kTree};
template <>
constexpr std::array kWords<node::ShareState>{node::ShareState::kIndexing, node::ShareState::kReady,
                                              node::ShareState::kMissing};
template <>
constexpr std::array kWords<node::TransferState>{node::TransferState::kWaiting,   node::TransferState::kResolving,
                                                 node::TransferState::kRunning,   node::TransferState::kPaused,
                                                 node::TransferState::kVerifying, node::TransferState::kDone,
                                                 node::TransferState::kFailed,    node::TransferState::kCancelled};
template <>
constexpr std::array kWords<node::PairingState>{node::PairingState::kComparing, node::PairingState::kConfirmed,
                                                node::PairingState::kDone, node::PairingState::kFailed};
template <>
constexpr std::array kWords<node::OfferState>{node::OfferState::kWaiting,   node::OfferState::kAccepted,
                                              node::OfferState::kDone,      node::OfferState::kDeclined,
                                              node::OfferState::kWithdrawn, node::OfferState::kFailed};
template <>
constexpr std::array kWords<node::Verdict>{node::Verdict::kOk, node::Verdict::kHint, node::Verdict::kProblem};

// One value into `out`; false where it is of another type, out of range, or not one of an enum's words.
bool read(const json::value& value, std::string& out) {
  if (!value.is_string()) return false;
  out.assign(value.get_string().begin(), value.get_string().end());
  return true;
}
bool read(const json::value& value, bool& out) {
  if (!value.is_bool()) return false;
  out = value.get_bool();
  return true;
}
template <class Number>
  requires std::is_arithmetic_v<Number>
bool read(const json::value& value, Number& out) {
  json::error_code error;
  if (value.is_number()) out = value.to_number<Number>(error);
  return value.is_number() && !error;
}
template <class Enum>
  requires std::is_enum_v<Enum>
bool read(const json::value& value, Enum& out) {
  std::string word;
  if (!read(value, word)) return false;
  for (const Enum candidate : kWords<Enum>) {
    if (word != to_string(candidate)) continue;
    out = candidate;
    return true;
  }
  return false;
}
bool read(const json::value& value, UnixNanos& out) {
  std::int64_t seconds = 0;
  constexpr std::int64_t kSecondsMax = INT64_MAX / 1'000'000'000;
  if (!read(value, seconds) || seconds > kSecondsMax || seconds < -kSecondsMax) return false;
  out = UnixNanos{std::chrono::nanoseconds(std::chrono::seconds(seconds)).count()};
  return true;
}
bool read(const json::value& value, PeerId& out) { return read(value, out.text); }
bool read(const json::value& value, ContentId& out) {
  std::string text;
  if (!read(value, text)) return false;
  const std::optional<Bytes> bytes = from_base32(text);
  const std::optional<ContentId> id = bytes ? ContentId::from(*bytes) : std::nullopt;
  if (id) out = *id;
  return id.has_value();
}
template <class View>
  requires std::is_class_v<View>
bool read(const json::value& value, View& out) {
  std::optional<View> view = from_json<View>(value);
  if (view) out = std::move(*view);
  return view.has_value();
}

// Takes the fields of one object. After the first that is missing or does not fit ok() is false for good, and what has
// been taken means nothing.
class Fields {
 public:
  explicit Fields(const json::value& value) : object_(value.if_object()), ok_(object_ != nullptr) {}

  [[nodiscard]] bool ok() const { return ok_; }

  template <class T>
  void take(std::string_view key, T& out) {
    const json::value* value = find(key);
    ok_ = value != nullptr && read(*value, out);
  }
  // null is nothing.
  template <class T>
  void take(std::string_view key, std::optional<T>& out) {
    const json::value* value = find(key);
    ok_ = value != nullptr && (value->is_null() || read(*value, out.emplace()));
  }
  template <class T>
  void take(std::string_view key, std::vector<T>& out) {
    const json::value* value = find(key);
    ok_ = value != nullptr && value->is_array();
    if (!ok_) return;
    for (const json::value& element : value->get_array()) ok_ = ok_ && read(element, out.emplace_back());
  }

 private:
  const json::value* find(std::string_view key) const {
    return ok_ ? object_->if_contains(json::string_view(key.data(), key.size())) : nullptr;
  }

  const json::object* object_;
  bool ok_;
};

template <class View>
std::optional<View> if_ok(const Fields& fields, View view) {
  return fields.ok() ? std::optional<View>(std::move(view)) : std::nullopt;
}

}  // namespace

template <>
std::optional<node::Failure> from_json(const json::value& value) {
  Fields fields(value);
  node::Failure failure;
  fields.take("code", failure.code);
  fields.take("message", failure.message);
  return if_ok(fields, std::move(failure));
}

template <>
std::optional<node::SourceView> from_json(const json::value& value) {
  Fields fields(value);
  node::SourceView view;
  fields.take("peer_id", view.peer_id);
  fields.take("name", view.name);
  fields.take("bytes", view.bytes);
  return if_ok(fields, std::move(view));
}

template <>
std::optional<node::PeerView> from_json(const json::value& value) {
  Fields fields(value);
  node::PeerView view;
  fields.take("peer_id", view.peer_id);
  fields.take("name", view.name);
  fields.take("addresses", view.addresses);
  fields.take("level", view.level);
  fields.take("online", view.online);
  fields.take("trust", view.trust);
  fields.take("not_the", view.not_the);
  fields.take("shares", view.shares);
  fields.take("seen_by", view.seen_by);
  fields.take("seen_seconds_ago", view.seen_seconds_ago);
  return if_ok(fields, std::move(view));
}

template <>
std::optional<node::EntryView> from_json(const json::value& value) {
  Fields fields(value);
  node::EntryView view;
  fields.take("peer_id", view.peer_id);
  fields.take("peer", view.peer);
  fields.take("path", view.path);
  fields.take("kind", view.kind);
  fields.take("size", view.size);
  fields.take("mtime", view.mtime);
  fields.take("id", view.id);
  fields.take("files", view.files);
  fields.take("link", view.link);
  return if_ok(fields, std::move(view));
}

template <>
std::optional<node::EntryPage> from_json(const json::value& value) {
  Fields fields(value);
  node::EntryPage page;
  fields.take("entries", page.entries);
  fields.take("cursor", page.cursor);
  return if_ok(fields, std::move(page));
}

template <>
std::optional<node::ShareView> from_json(const json::value& value) {
  Fields fields(value);
  node::ShareView view;
  fields.take("name", view.name);
  fields.take("path", view.path);
  fields.take("kind", view.kind);
  fields.take("size", view.size);
  fields.take("files", view.files);
  fields.take("audience", view.audience);
  fields.take("id", view.id);
  fields.take("link", view.link);
  fields.take("state", view.state);
  fields.take("bytes_hashed", view.bytes_hashed);
  fields.take("left_out", view.left_out);
  return if_ok(fields, std::move(view));
}

template <>
std::optional<node::TransferView> from_json(const json::value& value) {
  Fields fields(value);
  node::TransferView view;
  fields.take("id", view.id);
  fields.take("name", view.name);
  fields.take("kind", view.kind);
  fields.take("state", view.state);
  fields.take("path", view.path);
  fields.take("content_id", view.content_id);
  fields.take("bytes_total", view.bytes_total);
  fields.take("bytes_done", view.bytes_done);
  fields.take("files_total", view.files_total);
  fields.take("files_done", view.files_done);
  fields.take("bytes_per_second", view.bytes_per_second);
  fields.take("seconds_left", view.seconds_left);
  fields.take("limit", view.limit);
  fields.take("expires", view.expires);
  fields.take("seconds", view.seconds);
  fields.take("sources", view.sources);
  fields.take("already_there", view.already_there);
  fields.take("failure", view.failure);
  return if_ok(fields, std::move(view));
}

template <>
std::optional<node::StatusView> from_json(const json::value& value) {
  Fields fields(value);
  node::StatusView view;
  fields.take("peer_id", view.peer_id);
  fields.take("words", view.words);
  fields.take("name", view.name);
  fields.take("version", view.version);
  fields.take("home", view.home);
  fields.take("dest", view.dest);
  fields.take("port", view.port);
  fields.take("discovery_port", view.discovery_port);
  fields.take("classic", view.classic);
  fields.take("web", view.web);
  fields.take("uptime_seconds", view.uptime_seconds);
  fields.take("peers_online", view.peers_online);
  fields.take("shares", view.shares);
  fields.take("transfers_running", view.transfers_running);
  fields.take("bytes_sent", view.bytes_sent);
  fields.take("bytes_received", view.bytes_received);
  return if_ok(fields, std::move(view));
}

template <>
std::optional<node::DoctorLine> from_json(const json::value& value) {
  Fields fields(value);
  node::DoctorLine line;
  fields.take("check", line.check);
  fields.take("verdict", line.verdict);
  fields.take("finding", line.finding);
  fields.take("advice", line.advice);
  return if_ok(fields, std::move(line));
}

template <>
std::optional<node::PairingView> from_json(const json::value& value) {
  Fields fields(value);
  node::PairingView view;
  fields.take("peer_id", view.peer_id);
  fields.take("name", view.name);
  fields.take("state", view.state);
  fields.take("incoming", view.incoming);
  fields.take("digits", view.digits);
  fields.take("seconds_left", view.seconds_left);
  fields.take("failure", view.failure);
  return if_ok(fields, std::move(view));
}

template <>
std::optional<node::OfferItemView> from_json(const json::value& value) {
  Fields fields(value);
  node::OfferItemView view;
  fields.take("name", view.name);
  fields.take("kind", view.kind);
  fields.take("size", view.size);
  fields.take("files", view.files);
  fields.take("link", view.link);
  fields.take("transfer", view.transfer);
  return if_ok(fields, std::move(view));
}

template <>
std::optional<node::OfferRecipientView> from_json(const json::value& value) {
  Fields fields(value);
  node::OfferRecipientView view;
  fields.take("peer_id", view.peer_id);
  fields.take("name", view.name);
  fields.take("state", view.state);
  fields.take("reached", view.reached);
  return if_ok(fields, std::move(view));
}

template <>
std::optional<node::OfferView> from_json(const json::value& value) {
  Fields fields(value);
  node::OfferView view;
  fields.take("id", view.id);
  fields.take("incoming", view.incoming);
  fields.take("peer_id", view.peer_id);
  fields.take("peer", view.peer);
  fields.take("state", view.state);
  fields.take("items", view.items);
  fields.take("size", view.size);
  fields.take("files", view.files);
  fields.take("created", view.created);
  fields.take("recipients", view.recipients);
  fields.take("failure", view.failure);
  return if_ok(fields, std::move(view));
}

}  // namespace essaim::api
