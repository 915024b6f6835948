// How a node is started: from the command line, from config.toml, or by a program that embeds one.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/offer_rules.hpp"
#include "base/endpoint.hpp"
#include "node/views.hpp"

namespace essaim::node {

inline constexpr std::uint16_t kDefaultPort = 5001;
inline constexpr std::uint16_t kDefaultDiscoveryPort = 5000;
inline constexpr std::uint16_t kDefaultPagePort = 5080;
inline constexpr std::uint64_t kConfigFileBytesMax = 64 * 1024;
inline constexpr unsigned kLanesMax = 64;
inline constexpr unsigned kDownloadsAtOnceMax = 1000;
inline constexpr unsigned kKeepUnfinishedDays = 7;
inline constexpr unsigned kKeepUnfinishedDaysMax = 36'500;

// Where the page and the API are served over TCP.
struct PagePlace {
  Endpoint address;      // on a loopback address; port 0: any that is free
  bool or_next = false;  // where the port is taken: the next that is free
};

struct Config {
  std::string home;                   // absolute
  std::string dest;                   // absolute: where downloads go unless told otherwise
  std::string name;                   // what a person calls this peer; empty: the machine's host name
  std::optional<std::uint16_t> port;  // exactly this one; else the first free one from kDefaultPort on
  std::uint16_t discovery_port = kDefaultDiscoveryPort;
  std::vector<std::string> interfaces;   // only these; empty: all
  std::vector<std::string> announce_to;  // HOST:PORT to announce to besides
  bool classic = true;
  bool reshare = true;                    // what was downloaded stays available to others, by its id
  std::uint64_t up_bytes_per_second = 0;  // 0: no limit
  std::uint64_t down_bytes_per_second = 0;
  unsigned downloads_at_once = 4;  // the others wait for their turn
  // A download of which nothing has come for so long is given up, unless it runs and has whom to ask. 0: never.
  unsigned keep_unfinished_days = kKeepUnfinishedDays;
  std::optional<unsigned> lanes;  // else one a core
  // The process shuts itself in (node/sandbox.hpp). sandbox_paths, absolute: what it is going to share besides what it
  // shares already.
  bool sandbox = false;
  std::vector<std::string> sandbox_paths;
  std::optional<PagePlace> page;  // nothing: no page
  // Go on with the downloads that an earlier run left unfinished; else they wait until they are asked for again.
  bool finish_downloads = false;
  bool notices = false;                    // on the desktop, of offers and pairings
  access::OfferRules offers;               // what becomes of offers before a person looks at them
  std::optional<std::string> accept_into;  // absolute: where those go that a rule accepts; else dest
};

// Whose offers are accepted without asking.
struct AcceptFrom {
  std::optional<access::Audience> whom{};  // nothing: nobody's
};
// "nobody", or an audience's text.
[[nodiscard]] std::optional<AcceptFrom> parse_accept_from(std::string_view text);

// What a person may say about a node. What is not said is left to the next one who is asked: first the command line,
// then config.toml, then the defaults above.
struct Settings {
  std::optional<std::string> dest;
  std::optional<std::string> name;
  std::optional<std::uint16_t> port;
  std::optional<std::uint16_t> discovery_port;
  std::optional<std::vector<std::string>> interfaces;
  std::optional<std::vector<std::string>> announce_to;
  std::optional<bool> classic;
  std::optional<bool> reshare;
  std::optional<std::uint64_t> up_bytes_per_second;
  std::optional<std::uint64_t> down_bytes_per_second;
  std::optional<unsigned> downloads_at_once;
  std::optional<unsigned> keep_unfinished_days;
  std::optional<unsigned> lanes;
  std::optional<AcceptFrom> offers_from;
  std::optional<AcceptFrom> accept_from;
  std::optional<std::string> accept_into;
  std::optional<std::uint64_t> accept_up_to;
  std::optional<std::uint64_t> accept_quota;
  std::optional<bool> sandbox;
  std::vector<std::string> sandbox_paths;
  std::optional<std::string> web;  // as parse_page_place() takes it
  bool shows_page = false;         // unless `web` says otherwise; for what runs long, and so not for config.toml
  bool notices = false;            // see Config; neither is for config.toml
  bool finish_downloads = false;   // see Config; not for config.toml, as it depends on what the node is started for
};

// The Config of a node in `home` (absolute): `given`, completed by HOME/config.toml, completed by the defaults. A file
// that is not there is no error; one with an unknown key, a wrong type or a syntax error is, and its line is named.
//
//   dest, name: text    port, discovery_port, downloads_at_once, keep_unfinished_days, lanes: integer
//   classic, reshare, sandbox: true or false
//   offers_from, accept_from: "everyone", "trusted", "nobody" or ids of peers    accept_into: text
//   accept_up_to, accept_quota: bytes, or text as parse_rate() takes it
//   web: text as parse_page_place() takes it
//   interfaces, peers: lists of text    up_limit, down_limit: text as parse_rate() takes it, or bytes a second
[[nodiscard]] Outcome<Config> with_config_file(const std::string& home, Settings given);

// Bytes a second: "0", "500k", "10M", "1.5GiB". The units are powers of 1024; "0" and "off" mean no limit.
[[nodiscard]] std::optional<std::uint64_t> parse_rate(std::string_view text);

// "off" is an answer with nothing in it; "127.0.0.1:5080" or "[::1]:0". kUsage, with what to do, for anything else, and
// for an address that others than this machine can reach.
[[nodiscard]] Outcome<std::optional<PagePlace>> parse_page_place(std::string_view text);

// "HOST:PORT" or "[IPv6]:PORT", with a port from 1 to 65535. The host is not looked up.
[[nodiscard]] bool is_host_and_port(std::string_view text);

}  // namespace essaim::node
