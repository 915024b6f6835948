// tests/vectors/wire_messages.json, as values.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include <boost/json.hpp>

#include "support/vector_file.hpp"
#include "wire/level.hpp"

namespace essaim::wire {

struct MessageVector {
  std::string name;
  boost::json::object received;
  boost::json::object meaning;       // as an exact sender writes it; empty where there is an error
  std::optional<std::string> error;  // "field: reason"
};

inline std::vector<MessageVector> message_vectors(Level level) {
  std::vector<MessageVector> vectors;
  const boost::json::object file = test::read_vectors("wire_messages.json");
  for (const boost::json::value& row : file.at("messages").as_array()) {
    if ((row.at("level").as_int64() == 0) != (level == Level::kClassic)) continue;
    MessageVector vector{test::text_at(row, "name"), row.at("received").as_object(), {}, std::nullopt};
    if (const boost::json::value* error = row.as_object().if_contains("error")) {
      vector.error = test::text_at(*error, "field") + ": " + test::text_at(*error, "reason");
    } else {
      const boost::json::value* meaning = row.as_object().if_contains("meaning");
      vector.meaning = meaning == nullptr ? vector.received : meaning->as_object();
    }
    vectors.push_back(std::move(vector));
  }
  return vectors;
}

inline const MessageVector* find_vector(const std::vector<MessageVector>& vectors, std::string_view name) {
  for (const MessageVector& vector : vectors) {
    if (vector.name == name) return &vector;
  }
  return nullptr;
}

}  // namespace essaim::wire
