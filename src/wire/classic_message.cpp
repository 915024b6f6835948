#include "wire/classic_message.hpp"

#include <algorithm>
#include <limits>
#include <type_traits>
#include <utility>

#include <boost/json/array.hpp>

#include "base/text.hpp"
#include "wire/base64.hpp"
#include "wire/json.hpp"

namespace essaim::wire::classic {
namespace {

constexpr Range<std::uint32_t> kAnyIndex{0, std::numeric_limits<std::uint32_t>::max()};
constexpr std::size_t kChunkTextBytesMax = (kClassicChunkBytesMax + 2) / 3 * 4;
// What a list's frame holds besides its files.
constexpr std::size_t kListFrameRestBytes = 1024;
constexpr std::size_t kFilesJsonBytesMax = kClassicJsonBytesMax - kListFrameRestBytes;

// The text of a field, or nothing where it is absent or no text: for what level 0 leaves to its sender's taste.
std::optional<std::string_view> lenient_text(const boost::json::object& object, std::string_view key) {
  const boost::json::value* value = object.if_contains(key);
  if (value == nullptr || !value->is_string()) return std::nullopt;
  return std::string_view(value->get_string().data(), value->get_string().size());
}

std::optional<Sha256> lenient_hash(const boost::json::object& object) {
  const std::string_view text = lenient_text(object, "hash").value_or("");
  if (text.size() != 2 * kDigestBytes) return std::nullopt;
  const std::optional<Bytes> bytes = from_hex(text);
  return bytes ? Sha256::from(*bytes) : std::nullopt;
}

std::string read_file_id(FieldReader& in) {
  const std::string_view file_id = in.text("file_id", kClassicFileIdBytesMax);
  if (file_id.empty()) in.fail_field("file_id", FieldError::kBadValue);
  return std::string(file_id);
}

void read(const boost::json::object& /*data*/, FieldReader& /*in*/, Announce& /*message*/) {}
void read(const boost::json::object& /*data*/, FieldReader& /*in*/, FileListRequest& /*message*/) {}
void read(const boost::json::object& /*data*/, FieldReader& /*in*/, Goodbye& /*message*/) {}

std::optional<File> read_file(const boost::json::object& object) {
  FieldReader in(object, Integers::kIntegralDoubles);
  File file;
  file.file_id = read_file_id(in);
  file.filename = in.text("filename", kClassicFileNameBytesMax);
  file.size = in.integer("size", Range<std::uint64_t>{0, kContentBytesMax});
  const std::uint64_t usual_chunks = (file.size + kClassicChunkBytes - 1) / kClassicChunkBytes;
  file.chunks_total = in.find_integer("chunks_total", kAnyIndex).value_or(static_cast<std::uint32_t>(usual_chunks));
  file.hash = lenient_hash(object);
  return in.fault() ? std::nullopt : std::optional(std::move(file));
}

void read(const boost::json::object& /*data*/, FieldReader& in, FileListResponse& message) {
  for (const boost::json::value& value : in.find_array("files", kClassicListFilesMax)) {
    if (!value.is_object()) continue;
    if (std::optional<File> file = read_file(value.get_object())) message.files.push_back(std::move(*file));
  }
}

void read(const boost::json::object& /*data*/, FieldReader& in, ChunkRequest& message) {
  message.file_id = read_file_id(in);
  message.chunk_index = in.integer("chunk_index", kAnyIndex);
}

void read(const boost::json::object& data, FieldReader& in, ChunkData& message) {
  message.file_id = read_file_id(in);
  message.chunk_index = in.integer("chunk_index", kAnyIndex);
  std::optional<Bytes> chunk = from_base64(in.text("chunk_data", kChunkTextBytesMax));
  if (!chunk) return in.fail_field("chunk_data", FieldError::kBadValue);
  if (chunk->size() > kClassicChunkBytesMax) return in.fail_field("chunk_data", FieldError::kTooLong);
  message.data = std::move(*chunk);
  message.hash = lenient_hash(data);
}

void read(const boost::json::object& data, FieldReader& /*in*/, Error& message) {
  message.code = error_code_from_text(lenient_text(data, "code").value_or(""));
  message.message = clip_text(lenient_text(data, "message").value_or(""), kErrorMessageBytesMax);
}

// Reads one kind of message if `type` names it.
template <class Known>
bool read_if(std::string_view type, const boost::json::object& data, FieldReader& in, Message& out) {
  if (type != Known::kType) return false;
  Known message;
  read(data, in, message);
  out = std::move(message);
  return true;
}

template <class... Known>
void read_any(std::string_view type, const boost::json::object& data, FieldReader& in,
              std::variant<Unknown, Known...>& out) {
  const bool known = (read_if<Known>(type, data, in, out) || ...);
  if (!known) out = Unknown{std::string(type)};
}

// Peers read `hash` without asking whether it is there.
std::string hash_text(const std::optional<Sha256>& hash) { return hash ? to_hex(hash->view()) : std::string(); }

boost::json::object file_json(const File& file) {
  boost::json::object out;
  out["file_id"] = json_text(file.file_id);
  out["filename"] = json_text(file.filename);
  out["size"] = file.size;
  out["hash"] = hash_text(file.hash);
  out["chunks_total"] = file.chunks_total;
  return out;
}

void write(const Unknown& /*message*/, boost::json::object& /*data*/) {}
void write(const Announce& /*message*/, boost::json::object& /*data*/) {}
void write(const FileListRequest& /*message*/, boost::json::object& /*data*/) {}
void write(const Goodbye& /*message*/, boost::json::object& /*data*/) {}

void write(const FileListResponse& message, boost::json::object& data) {
  boost::json::array& files = data["files"].emplace_array();
  for (const File& file : message.files) files.emplace_back(file_json(file));
}

void write(const ChunkRequest& message, boost::json::object& data) {
  data["file_id"] = json_text(message.file_id);
  data["chunk_index"] = message.chunk_index;
}

void write(const ChunkData& message, boost::json::object& data) {
  data["file_id"] = json_text(message.file_id);
  data["chunk_index"] = message.chunk_index;
  data["chunk_data"] = to_base64(message.data);
  data["hash"] = hash_text(message.hash);
}

void write(const Error& message, boost::json::object& data) {
  data["code"] = to_text(message.code);
  data["message"] = json_text(clip_text(message.message, kErrorMessageBytesMax));
}

}  // namespace

std::string_view type_of(const Message& message) {
  const auto type = []<class Any>(const Any& any) -> std::string_view {
    if constexpr (std::is_same_v<Any, Unknown>) {
      return any.type;
    } else {
      return Any::kType;
    }
  };
  return std::visit(type, message);
}

Expected<Envelope, FieldFault> parse_message(const Frame& frame) {
  FieldReader outer(frame.object);
  const std::string_view type = outer.text("type", kTypeBytesMax);
  if (outer.fault()) return fail(*outer.fault());
  Envelope envelope;
  envelope.peer_id.text = lenient_text(frame.object, "peer_id").value_or("");
  if (envelope.peer_id.text.size() > kPeerIdBytesMax) return fail(FieldFault{FieldError::kTooLong, "peer_id"});

  const boost::json::object nothing;
  const boost::json::value* value = frame.object.if_contains("data");
  const boost::json::object& data = value != nullptr && value->is_object() ? value->get_object() : nothing;
  FieldReader in(data, Integers::kIntegralDoubles);
  read_any(type, data, in, envelope.message);
  if (in.fault()) return fail(*in.fault());
  return envelope;
}

boost::json::object to_json(const Envelope& envelope) {
  boost::json::object out;
  out["type"] = json_text(type_of(envelope.message));
  out["peer_id"] = json_text(envelope.peer_id.text);
  boost::json::object& data = out["data"].emplace_object();
  std::visit([&](const auto& message) { write(message, data); }, envelope.message);
  return out;
}

Bytes encode_message(const Envelope& envelope) { return encode_frame(to_json(envelope)); }

std::size_t files_that_fit(std::span<const File> files) {
  std::size_t count = 0;
  std::size_t bytes = 0;
  for (const File& file : files.first(std::min(files.size(), kClassicListFilesMax))) {
    bytes += wire::serialize(file_json(file)).size() + 1;  // and its comma
    if (bytes > kFilesJsonBytesMax) break;
    ++count;
  }
  return count;
}

}  // namespace essaim::wire::classic
