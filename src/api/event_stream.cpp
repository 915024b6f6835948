#include "api/event_stream.hpp"

#include <charconv>
#include <utility>
#include <variant>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <fmt/format.h>

#include "api/json_text.hpp"
#include "api/views_json.hpp"

namespace essaim::api {
namespace {

struct Named {
  std::string_view kind;
  boost::json::object data;
};

// What an event is called, and what it carries.
struct Describe {
  Named operator()(const node::PeerChanged& event) const { return {"peer", to_json(event.peer)}; }
  Named operator()(const node::PeerGone& event) const {
    boost::json::object data;
    data["peer_id"] = event.peer_id.text;
    return {"peer_gone", std::move(data)};
  }
  Named operator()(const node::ShareChanged& event) const { return {"share", to_json(event.share)}; }
  Named operator()(const node::ShareGone& event) const {
    boost::json::object data;
    data["name"] = event.name;
    return {"share_gone", std::move(data)};
  }
  Named operator()(const node::TransferChanged& event) const { return {"transfer", to_json(event.transfer)}; }
  Named operator()(const node::PairingChanged& event) const { return {"pairing", to_json(event.pairing)}; }
  Named operator()(const node::OfferChanged& event) const { return {"offer", to_json(event.offer)}; }
};

std::string framed(std::uint64_t number, std::string_view kind, const boost::json::value& data) {
  return fmt::format("id: {}\nevent: {}\ndata: {}\n\n", number, kind, json_text(data));
}

// "field: value" or "field:value".
bool take_field(std::string_view line, std::string_view field, std::string_view& value) {
  if (!line.starts_with(field) || !line.substr(field.size()).starts_with(':')) return false;
  value = line.substr(field.size() + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  return true;
}

Expected<std::optional<StreamEvent>, StreamError> parse_block(std::string_view block) {
  std::string_view number;
  std::string_view kind;
  std::string_view data;
  while (!block.empty()) {
    const std::size_t end = block.find('\n');
    const std::string_view line = block.substr(0, end);
    take_field(line, "id", number) || take_field(line, "event", kind) || take_field(line, "data", data);
    block.remove_prefix(end == std::string_view::npos ? block.size() : end + 1);
  }
  if (kind.empty()) return std::optional<StreamEvent>();
  StreamEvent event;
  event.kind = kind;
  std::from_chars(number.data(), number.data() + number.size(), event.number);
  boost::json::error_code error;
  event.data = boost::json::parse(boost::json::string_view(data.data(), data.size()), error);
  if (error) return fail(StreamError::kNotJson);
  return std::optional<StreamEvent>(std::move(event));
}

}  // namespace

std::string event_text(const node::Event& event) {
  const Named named = std::visit(Describe{}, event.body);
  return framed(event.number, named.kind, named.data);
}

std::string reset_text(std::uint64_t number) { return framed(number, kResetEvent, boost::json::object()); }

std::string_view to_string(StreamError error) {
  switch (error) {
    case StreamError::kTooLong: return "an event is too long";
    case StreamError::kNotJson: return "an event is not JSON";
  }
  return "the stream of events is wrong";
}

Expected<std::optional<StreamEvent>, StreamError> EventParser::next() {
  for (;;) {
    const std::size_t end = buffer_.find("\n\n", searched_);
    if (end == std::string::npos) {
      searched_ = buffer_.empty() ? 0 : buffer_.size() - 1;
      if (buffer_.size() > kEventBytesMax) return fail(StreamError::kTooLong);
      return std::optional<StreamEvent>();
    }
    const std::string block = buffer_.substr(0, end);
    buffer_.erase(0, end + 2);
    searched_ = 0;
    if (block.size() > kEventBytesMax) return fail(StreamError::kTooLong);
    Expected<std::optional<StreamEvent>, StreamError> event = parse_block(block);
    if (!event || *event) return event;
  }
}

}  // namespace essaim::api
