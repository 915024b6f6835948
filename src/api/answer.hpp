// What most routes answer with: a document, or why there is none.
#pragma once
#include <boost/json/value.hpp>

#include "api/json_text.hpp"
#include "api/message.hpp"
#include "api/views_json.hpp"

namespace essaim::api {

[[nodiscard]] inline Response ok(const boost::json::value& document) {
  Response response;
  response.body = json_text(document);
  return response;
}

template <class View>
[[nodiscard]] Response answer(const node::Outcome<View>& outcome) {
  return outcome ? ok(to_json(*outcome)) : error_response(outcome.error());
}

}  // namespace essaim::api
