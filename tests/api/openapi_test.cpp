// The description of the API for machines is of this API.
#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "api/page_files.hpp"
#include "api/routes.hpp"
#include "api/views_json.hpp"
#include "support/example_views.hpp"

namespace essaim::api {
namespace {

namespace json = boost::json;

json::value description() {
  std::ifstream file(ESSAIM_DOCS "/openapi.json");
  return json::parse(std::string(std::istreambuf_iterator<char>(file), {}));
}

// "/api/v1/shares/{name}" → "/api/v1/shares/*"
std::string pattern_of(std::string path) {
  for (std::size_t at = path.find('{'); at != std::string::npos; at = path.find('{')) {
    path.replace(at, path.find('}', at) - at + 1, "*");
  }
  return path;
}

std::string lower(std::string_view text) {
  std::string lowered(text);
  for (char& c : lowered) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lowered;
}

TEST(OpenApi, DescribesEveryRouteAndNoOther) {
  std::set<std::string> described;
  const json::value document = description();
  for (const auto& [path, item] : document.at("paths").as_object()) {
    for (const auto& [method, operation] : item.as_object()) {
      described.insert(std::string(method) + " " + pattern_of(std::string(path)));
      EXPECT_TRUE(operation.as_object().contains("summary")) << path;
      EXPECT_TRUE(operation.as_object().contains("responses")) << path;
    }
  }
  std::set<std::string> there;
  for (const RouteName& route : all_routes()) there.insert(lower(name_of(route.method)) + " " + route.path);
  EXPECT_EQ(described, there);
}

TEST(OpenApi, DescribesTheFieldsOfEveryDocument) {
  const json::value document = description();
  const auto check = [&](const char* name, const json::object& example) {
    const json::object& schema = document.at("components").at("schemas").at(name).as_object();
    std::set<std::string> described;
    std::set<std::string> there;
    for (const auto& field : schema.at("properties").as_object()) described.insert(std::string(field.key()));
    for (const auto& field : example) there.insert(std::string(field.key()));
    EXPECT_EQ(described, there) << name;
  };
  check("Status", to_json(test::example_status()));
  check("Peer", to_json(test::example_peer()));
  check("Entry", to_json(test::example_entry()));
  check("Page", to_json(node::EntryPage()));
  check("Share", to_json(test::example_share()));
  check("Transfer", to_json(test::example_transfer()));
  check("TransferMap", to_json(node::TransferMapView()));
  check("Source", to_json(node::SourceView()));
  check("Finding", to_json(node::DoctorLine()));
  check("Pairing", to_json(node::PairingView()));
  check("Offer", to_json(node::OfferView()));
  check("OfferItem", to_json(node::OfferItemView()));
  check("OfferRecipient", to_json(node::OfferRecipientView()));
  check("Failure", to_json(node::Failure()));
}

TEST(OpenApi, IsServedWithThePage) { EXPECT_NE(find_page_file("/openapi.json"), nullptr); }

}  // namespace
}  // namespace essaim::api
