#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include <boost/json/string.hpp>
#include <boost/json/value_from.hpp>

#include "api/views_json.hpp"
#include "base/text.hpp"

namespace essaim::api {
namespace {

namespace json = boost::json;

json::string text(std::string_view value) { return json::string(value.data(), value.size()); }

json::value number_or_null(const std::optional<std::uint64_t>& number) {
  return number ? json::value(*number) : json::value(nullptr);
}
json::value text_or_null(const std::optional<std::string>& value) {
  return value ? json::value(text(*value)) : json::value(nullptr);
}
json::value id_or_null(const std::optional<ContentId>& id) {
  return id ? json::value(text(to_base32(id->view()))) : json::value(nullptr);
}

json::array texts(const std::vector<std::string>& values) {
  json::array array;
  for (const std::string& value : values) array.push_back(text(value));
  return array;
}

std::int64_t whole_seconds(UnixNanos time) {
  const std::chrono::nanoseconds since_1970(static_cast<std::int64_t>(time));
  return std::chrono::floor<std::chrono::seconds>(since_1970).count();
}

}  // namespace

json::object to_json(const node::PeerView& view) {
  json::object object;
  object["peer_id"] = text(view.peer_id.text);
  object["name"] = text(view.name);
  object["addresses"] = texts(view.addresses);
  object["level"] = view.level;
  object["online"] = view.online;
  object["trust"] = text(view.trust);
  object["not_the"] = view.not_the ? json::value(text(view.not_the->text)) : json::value(nullptr);
  object["shares"] = number_or_null(view.shares);
  object["seen_by"] = text(view.seen_by);
  object["seen_seconds_ago"] = view.seen_seconds_ago;
  return object;
}

json::object to_json(const node::EntryView& view) {
  json::object object;
  object["peer_id"] = text(view.peer_id.text);
  object["peer"] = text(view.peer);
  object["path"] = text(view.path);
  object["kind"] = text(to_string(view.kind));
  object["size"] = view.size;
  object["mtime"] = whole_seconds(view.mtime);
  object["id"] = id_or_null(view.id);
  object["files"] = number_or_null(view.files);
  object["link"] = text_or_null(view.link);
  return object;
}

json::object to_json(const node::EntryPage& page) {
  json::object object;
  object["entries"] = to_json(page.entries);
  object["cursor"] = text_or_null(page.cursor);
  return object;
}

json::object to_json(const node::ShareView& view) {
  json::object object;
  object["name"] = text(view.name);
  object["path"] = text(view.path);
  object["kind"] = text(to_string(view.kind));
  object["size"] = view.size;
  object["files"] = view.files;
  object["audience"] = text(view.audience);
  object["id"] = id_or_null(view.id);
  object["link"] = text_or_null(view.link);
  object["state"] = text(to_string(view.state));
  object["bytes_hashed"] = view.bytes_hashed;
  object["left_out"] = texts(view.left_out);
  return object;
}

json::object to_json(const node::SourceView& view) {
  json::object object;
  object["peer_id"] = text(view.peer_id.text);
  object["name"] = text(view.name);
  object["bytes"] = view.bytes;
  return object;
}

json::object to_json(const node::TransferView& view) {
  json::object object;
  object["id"] = text(view.id);
  object["name"] = text(view.name);
  object["kind"] = text(to_string(view.kind));
  object["state"] = text(to_string(view.state));
  object["path"] = text(view.path);
  object["content_id"] = id_or_null(view.content_id);
  object["bytes_total"] = view.bytes_total;
  object["bytes_done"] = view.bytes_done;
  object["files_total"] = view.files_total;
  object["files_done"] = view.files_done;
  object["bytes_per_second"] = view.bytes_per_second;
  object["seconds_left"] = view.seconds_left ? json::value(*view.seconds_left) : json::value(nullptr);
  object["seconds"] = view.seconds;
  object["limit"] = view.limit ? json::value(*view.limit) : json::value(nullptr);
  object["expires"] = view.expires ? json::value(*view.expires) : json::value(nullptr);
  object["sources"] = to_json(view.sources);
  object["already_there"] = view.already_there;
  object["failure"] = view.failure ? json::value(to_json(*view.failure)) : json::value(nullptr);
  return object;
}

json::object to_json(const node::TransferMapView& view) {
  json::object object;
  object["have"] = json::value_from(view.have);
  object["flight"] = json::value_from(view.flight);
  object["sources"] = json::value_from(view.sources);
  return object;
}

json::object to_json(const node::StatusView& view) {
  json::object object;
  object["peer_id"] = text(view.peer_id.text);
  object["words"] = text(view.words);
  object["name"] = text(view.name);
  object["version"] = text(view.version);
  object["home"] = text(view.home);
  object["dest"] = text(view.dest);
  object["port"] = view.port;
  object["discovery_port"] = view.discovery_port;
  object["classic"] = view.classic;
  object["web"] = text_or_null(view.web);
  object["uptime_seconds"] = view.uptime_seconds;
  object["peers_online"] = view.peers_online;
  object["shares"] = view.shares;
  object["transfers_running"] = view.transfers_running;
  object["bytes_sent"] = view.bytes_sent;
  object["bytes_received"] = view.bytes_received;
  return object;
}

json::object to_json(const node::DoctorLine& line) {
  json::object object;
  object["check"] = text(line.check);
  object["verdict"] = text(to_string(line.verdict));
  object["finding"] = text(line.finding);
  object["advice"] = text(line.advice);
  return object;
}

json::object to_json(const node::PairingView& view) {
  json::object object;
  object["peer_id"] = text(view.peer_id.text);
  object["name"] = text(view.name);
  object["state"] = text(to_string(view.state));
  object["incoming"] = view.incoming;
  object["digits"] = text(view.digits);
  object["seconds_left"] = view.seconds_left;
  object["failure"] = view.failure ? json::value(to_json(*view.failure)) : json::value(nullptr);
  return object;
}

json::object to_json(const node::OfferItemView& view) {
  json::object object;
  object["name"] = text(view.name);
  object["kind"] = text(to_string(view.kind));
  object["size"] = view.size;
  object["files"] = view.files;
  object["link"] = text_or_null(view.link);
  object["transfer"] = text_or_null(view.transfer);
  return object;
}

json::object to_json(const node::OfferRecipientView& view) {
  json::object object;
  object["peer_id"] = text(view.peer_id.text);
  object["name"] = text(view.name);
  object["state"] = text(to_string(view.state));
  object["reached"] = view.reached;
  return object;
}

json::object to_json(const node::OfferView& view) {
  json::object object;
  object["id"] = text(view.id);
  object["incoming"] = view.incoming;
  object["peer_id"] = text(view.peer_id.text);
  object["peer"] = text(view.peer);
  object["state"] = text(to_string(view.state));
  object["items"] = to_json(view.items);
  object["size"] = view.size;
  object["files"] = view.files;
  object["created"] = whole_seconds(view.created);
  object["recipients"] = to_json(view.recipients);
  object["failure"] = view.failure ? json::value(to_json(*view.failure)) : json::value(nullptr);
  return object;
}

json::object to_json(const node::Failure& failure) {
  json::object object;
  object["code"] = text(to_string(failure.code));
  object["message"] = text(failure.message);
  return object;
}

}  // namespace essaim::api
