// What a node that runs in the foreground tells its person: who offers something, who wants to pair.
#pragma once
#include <set>
#include <string>

#include "api/event_stream.hpp"
#include "cli/output.hpp"

namespace essaim::cli {

class News {
 public:
  explicit News(Output& output) : output_(output) {}

  void take(const api::StreamEvent& event);

 private:
  void take_offer(const boost::json::value& data);
  void take_pairing(const boost::json::value& data);

  Output& output_;
  std::set<std::string> offers_told_;
};

}  // namespace essaim::cli
