// Announces as many peers as it can: flood RATE SECONDS [ADDRESS]. Each datagram is sound, and of a peer that nobody
// has heard of. Prints how many were sent.
#include <arpa/inet.h>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <netinet/in.h>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace {

constexpr unsigned kBatch = 64;
constexpr std::uint16_t kDiscoveryPort = 5000;

// 32 characters of a key's id, made from a number.
std::string peer_id_of(std::uint64_t number) {
  std::string id(32, 'a');
  for (char& c : id) {
    number = number * 6364136223846793005U + 1442695040888963407U;
    c = "abcdefghijklmnopqrstuvwxyz234567"[number >> 59U];
  }
  return id;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  const auto rate = std::strtoull(argv[1], nullptr, 10);
  const auto seconds = std::strtoull(argv[2], nullptr, 10);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(kDiscoveryPort);
  to.sin_addr.s_addr = inet_addr(argc > 3 ? argv[3] : "255.255.255.255");
  const int fd = ::socket(AF_INET, SOCK_DGRAM, 0);
  const int yes = 1;
  if (fd < 0 || ::setsockopt(fd, SOL_SOCKET, SO_BROADCAST, &yes, sizeof yes) != 0) return 1;

  using Clock = std::chrono::steady_clock;
  const auto begun = Clock::now();
  std::uint64_t sent = 0;
  for (std::uint64_t number = 0; Clock::now() - begun < std::chrono::seconds(seconds);) {
    std::array<std::string, kBatch> texts;
    std::array<iovec, kBatch> parts{};
    std::array<mmsghdr, kBatch> messages{};
    for (unsigned i = 0; i < kBatch; ++i) {
      texts[i] = R"({"type":"ANNOUNCE","peer_id":")" + peer_id_of(++number) +
                 R"(","port":5001,"v":1,"name":"flood","rev":1,"ask":true})";
      parts[i] = {texts[i].data(), texts[i].size()};
      messages[i].msg_hdr = {&to, sizeof to, &parts[i], 1, nullptr, 0, 0};
    }
    const int count = ::sendmmsg(fd, messages.data(), kBatch, 0);
    if (count > 0) sent += static_cast<std::uint64_t>(count);
    std::this_thread::sleep_until(begun + std::chrono::nanoseconds(number * 1'000'000'000U / rate));
  }
  std::printf("%llu\n", static_cast<unsigned long long>(sent));
  ::close(fd);
}
