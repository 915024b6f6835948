#include "access/peer_id.hpp"

#include <string>

#include <gtest/gtest.h>

#include "support/vector_file.hpp"

namespace essaim::access {
namespace {

TEST(PeerId, AgreesWithThePublishedKeys) {
  for (const auto& vector : test::read_vectors("access_peer_ids.json").at("peer_ids").as_array()) {
    const std::string key = test::unhex_at(vector, "spki_hex");
    const PeerId id = peer_id_of_public_key(as_bytes(key));
    EXPECT_EQ(id.text, test::text_at(vector, "peer_id"));
    EXPECT_TRUE(is_key_peer_id(id.text));
  }
}

TEST(IsKeyPeerId, RefusesEveryOtherForm) {
  const std::string good(kKeyPeerIdChars, 'a');
  ASSERT_TRUE(is_key_peer_id(good));
  for (const std::string& text : {std::string(), good.substr(1), good + "a", "A" + good.substr(1), "1" + good.substr(1),
                                  "8" + good.substr(1), "=" + good.substr(1), std::string("\0", 1) + good.substr(1),
                                  std::string("peer-1"), std::string("127.0.0.1:5001")}) {
    EXPECT_FALSE(is_key_peer_id(text)) << text;
  }
}

}  // namespace
}  // namespace essaim::access
