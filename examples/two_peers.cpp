// Two peers in one program: they find each other, exchange a message, and then a file.
//
//   two_peers [UDP_PORT [INTERFACE]]      "two_peers 5000 lo" stays on this machine
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>
#include <iostream>
#include <string>
#include <vector>

#include "essaim/client.hpp"
#include "essaim/discovery.hpp"
#include "essaim/node.hpp"
#include "essaim/server.hpp"

namespace {

using namespace std::chrono_literals;

struct Network {
  std::uint16_t udp_port = 5000;
  std::vector<std::string> interfaces;  // empty: all
};

template <class Value>
Value need(essaim::Result<Value> result) {
  if (result) return *result;
  std::cerr << result.error() << '\n';
  std::exit(EXIT_FAILURE);
}

// Alice serves; Bob hears of her, dials her and says hello.
void exchange_a_message(const Network& network) {
  essaim::Server server(0);
  need(server.start([&server](const std::string& peer_id, const essaim::Message& message) {
    std::cout << "alice got " << message.type << " from " << peer_id << ": " << message.data_json << '\n';
    server.send_to_peer(peer_id, {"WELCOME", "alice", R"({"text": "Hello yourself."})"});
  }));
  essaim::Discovery alice("alice",
                          {.udp_port = network.udp_port, .tcp_port = server.port(), .interfaces = network.interfaces});
  need(alice.start([](const essaim::FoundPeer&) {}));

  std::promise<essaim::FoundPeer> found;
  essaim::Discovery bob("bob", {.udp_port = network.udp_port, .interfaces = network.interfaces});
  need(bob.start([&](const essaim::FoundPeer& peer) {
    if (peer.peer_id != "alice") return;
    bob.stop();  // so that this is not called again
    found.set_value(peer);
  }));
  const essaim::FoundPeer peer = found.get_future().get();

  essaim::Client client;
  need(client.connect(peer.ip, peer.port));
  need(client.send({"HELLO", "bob", R"({"text": "Hello, Alice."})"}));
  const auto answer = client.receive(10s);
  if (!answer) std::exit(EXIT_FAILURE);
  std::cout << "bob got " << answer->type << " from " << answer->peer_id << ": " << answer->data_json << '\n';
}

essaim::NodeOptions options_of(const std::string& name, const Network& network, const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder / name);
  return {.home = folder / name / "home",
          .dest = folder / name,
          .name = name,
          .port = 0,
          .discovery_port = network.udp_port,
          .interfaces = network.interfaces};
}

// Alice's node shares a file; Bob's finds it by its link alone and fetches it, encrypted and verified.
void exchange_a_file(const Network& network, const std::filesystem::path& folder) {
  std::ofstream(folder / "poem.txt") << "A swarm in May is worth a load of hay.\n";
  essaim::Node alice(options_of("alice", network, folder));
  essaim::Node bob(options_of("bob", network, folder));
  need(alice.start());
  need(bob.start());

  const std::string link = need(alice.share(folder / "poem.txt"));
  const auto show = [](const essaim::Progress& progress) {
    std::cout << progress.bytes_done << " of " << progress.bytes_total << " bytes\n";
  };
  const std::string path = need(bob.get(link, {.dest = "", .on_progress = show}));
  std::cout << "bob has " << path << ": " << std::ifstream(path).rdbuf();
}

}  // namespace

int main(int argc, char** argv) {
  Network network;
  if (argc > 1) network.udp_port = static_cast<std::uint16_t>(std::stoi(argv[1]));
  if (argc > 2) network.interfaces = {argv[2]};
  std::string folder = (std::filesystem::temp_directory_path() / "essaim-example-XXXXXX").string();
  if (mkdtemp(folder.data()) == nullptr) return EXIT_FAILURE;

  exchange_a_message(network);
  exchange_a_file(network, folder);
  std::filesystem::remove_all(folder);
}
