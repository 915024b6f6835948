#include "api/message.hpp"

#include <utility>

#include <boost/json/object.hpp>

#include "api/json_text.hpp"
#include "api/views_json.hpp"

namespace essaim::api {

std::string_view name_of(Method method) {
  switch (method) {
    case Method::kGet: return "GET";
    case Method::kHead: return "HEAD";
    case Method::kPost: return "POST";
    case Method::kPut: return "PUT";
    case Method::kDelete: return "DELETE";
    case Method::kOther: return "";
  }
  return "";
}

int http_status(node::FailureCode code) {
  switch (code) {
    case node::FailureCode::kFailed: return 500;
    case node::FailureCode::kUsage: return 400;
    case node::FailureCode::kNotFound: return 404;
    case node::FailureCode::kAmbiguous: return 409;
    case node::FailureCode::kRefused: return 403;
    case node::FailureCode::kInterrupted: return 503;
  }
  return 500;
}

Response error_response(const node::Failure& failure, std::optional<int> status) {
  boost::json::object document;
  document["error"] = to_json(failure);
  Response response;
  response.status = status.value_or(http_status(failure.code));
  response.body = json_text(document);
  return response;
}

}  // namespace essaim::api
