// What Server and Client exchange: {"type": …, "peer_id": …, "data": {…}}, in plain text (docs/protocol.md, level 0).
#pragma once
#include <string>

namespace essaim {

struct Message {
  std::string type;              // 1 to 64 bytes of UTF-8
  std::string peer_id;           // what the sender calls itself, 1 to 128 bytes of UTF-8; proves nothing
  std::string data_json = "{}";  // the text of one JSON object
};

}  // namespace essaim
