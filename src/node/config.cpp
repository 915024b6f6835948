#include "node/config.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <concepts>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <toml++/toml.h>

#include "base/bytes.hpp"
#include "base/endpoint.hpp"
#include "node/places.hpp"

namespace essaim::node {
namespace {

constexpr std::uint16_t kPortMin = 1;
constexpr std::uint16_t kPortMax = 65535;
constexpr double kRateMax = 1e15;  // bytes a second; far above what any machine moves

// What is wrong with one value, in a few words; nothing if it was taken.
using Wrong = std::optional<std::string>;

Wrong take(const toml::node& value, std::optional<std::string>& out) {
  const auto text = value.value_exact<std::string>();
  if (!text) return "has to be a text in quotes";
  if (!out) out = *text;
  return std::nullopt;
}

Wrong take(const toml::node& value, std::optional<bool>& out) {
  const auto flag = value.value_exact<bool>();
  if (!flag) return "has to be true or false";
  if (!out) out = flag;
  return std::nullopt;
}

template <std::unsigned_integral Number>
struct Between {
  Number min;
  Number max;
};

template <std::unsigned_integral Number>
Wrong take(const toml::node& value, std::optional<Number>& out, Between<Number> bounds) {
  const auto number = value.value_exact<std::int64_t>();
  if (!number || *number < 0 || static_cast<std::uint64_t>(*number) < bounds.min ||
      static_cast<std::uint64_t>(*number) > bounds.max) {
    return fmt::format("has to be a whole number from {} to {}", bounds.min, bounds.max);
  }
  if (!out) out = static_cast<Number>(*number);
  return std::nullopt;
}

Wrong take(const toml::node& value, std::optional<std::vector<std::string>>& out) {
  const toml::array* array = value.as_array();
  std::vector<std::string> texts;
  for (std::size_t i = 0; array != nullptr && i < array->size(); ++i) {
    const auto text = (*array)[i].value_exact<std::string>();
    if (text) texts.push_back(*text);
  }
  if (array == nullptr || texts.size() != array->size()) return "has to be a list of texts";
  if (!out) out = std::move(texts);
  return std::nullopt;
}

Wrong take_addresses(const toml::node& value, std::optional<std::vector<std::string>>& out) {
  std::optional<std::vector<std::string>> addresses;
  if (const Wrong wrong = take(value, addresses)) return wrong;
  if (!std::ranges::all_of(*addresses, is_host_and_port)) return "has to be a list of \"HOST:PORT\"";
  if (!out) out = std::move(addresses);
  return std::nullopt;
}

Wrong take_rate(const toml::node& value, std::optional<std::uint64_t>& out) {
  const auto number = value.value_exact<std::int64_t>();
  const auto text = value.value_exact<std::string>();
  std::optional<std::uint64_t> rate = text ? parse_rate(*text) : std::nullopt;
  if (number && *number >= 0) rate = static_cast<std::uint64_t>(*number);
  if (!rate) return "has to be bytes a second, like 500000 or \"10M\"";
  if (!out) out = rate;
  return std::nullopt;
}

Wrong take_bytes(const toml::node& value, std::optional<std::uint64_t>& out) {
  if (take_rate(value, out)) return "has to be bytes, like 500000 or \"10G\"";
  return std::nullopt;
}

Wrong take_accept_from(const toml::node& value, std::optional<AcceptFrom>& out) {
  const auto text = value.value_exact<std::string>();
  const auto from = text ? parse_accept_from(*text) : std::nullopt;
  if (!from) return "has to be \"nobody\", \"trusted\", \"everyone\" or ids of peers with commas between";
  if (!out) out = from;
  return std::nullopt;
}

// A place in config.toml is for the nodes that show a page; the others have none.
Wrong take_page_place(const toml::node& value, Settings& to) {
  const auto text = value.value_exact<std::string>();
  if (!text) return "has to be a text in quotes";
  const auto place = parse_page_place(*text);
  if (!place) return "can't be used: " + place.error().message;
  if (!to.web && to.shows_page) to.web = *text;
  return std::nullopt;
}

struct Key {
  std::string_view name;
  Wrong (*take)(const toml::node& value, Settings& settings);
};

constexpr std::array kKeys{
    Key{"dest", [](const toml::node& value, Settings& to) { return take(value, to.dest); }},
    Key{"name", [](const toml::node& value, Settings& to) { return take(value, to.name); }},
    Key{"port",
        [](const toml::node& value, Settings& to) { return take(value, to.port, Between{kPortMin, kPortMax}); }},
    Key{"discovery_port", [](const toml::node& value,
                             Settings& to) { return take(value, to.discovery_port, Between{kPortMin, kPortMax}); }},
    Key{"interfaces", [](const toml::node& value, Settings& to) { return take(value, to.interfaces); }},
    Key{"peers", [](const toml::node& value, Settings& to) { return take_addresses(value, to.announce_to); }},
    Key{"classic", [](const toml::node& value, Settings& to) { return take(value, to.classic); }},
    Key{"reshare", [](const toml::node& value, Settings& to) { return take(value, to.reshare); }},
    Key{"sandbox", [](const toml::node& value, Settings& to) { return take(value, to.sandbox); }},
    Key{"up_limit", [](const toml::node& value, Settings& to) { return take_rate(value, to.up_bytes_per_second); }},
    Key{"down_limit", [](const toml::node& value, Settings& to) { return take_rate(value, to.down_bytes_per_second); }},
    Key{"downloads_at_once",
        [](const toml::node& value, Settings& to) {
          return take(value, to.downloads_at_once, Between{1U, kDownloadsAtOnceMax});
        }},
    Key{"keep_unfinished_days",
        [](const toml::node& value, Settings& to) {
          return take(value, to.keep_unfinished_days, Between{0U, kKeepUnfinishedDaysMax});
        }},
    Key{"offers_from", [](const toml::node& value, Settings& to) { return take_accept_from(value, to.offers_from); }},
    Key{"accept_from", [](const toml::node& value, Settings& to) { return take_accept_from(value, to.accept_from); }},
    Key{"accept_into", [](const toml::node& value, Settings& to) { return take(value, to.accept_into); }},
    Key{"accept_up_to", [](const toml::node& value, Settings& to) { return take_bytes(value, to.accept_up_to); }},
    Key{"accept_quota", [](const toml::node& value, Settings& to) { return take_bytes(value, to.accept_quota); }},
    Key{"web", [](const toml::node& value, Settings& to) { return take_page_place(value, to); }},
    Key{"lanes", [](const toml::node& value, Settings& to) { return take(value, to.lanes, Between{1U, kLanesMax}); }},
};

std::unexpected<Failure> at_line(const std::string& path, const toml::source_region& place, std::string_view what) {
  return fail(Failure{FailureCode::kUsage, fmt::format("{}, line {}: {}", path, place.begin.line, what)});
}

// The text of the file; empty where there is none.
Outcome<std::string> read_file(const std::string& path) {
  std::error_code missing;
  if (!std::filesystem::exists(path, missing)) return std::string();
  std::ifstream file(path, std::ios::binary);
  std::string text(kConfigFileBytesMax + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (file.bad() || !file.is_open()) return fail(Failure{FailureCode::kFailed, path + " can't be read."});
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (text.size() <= kConfigFileBytesMax) return text;
  return fail(Failure{FailureCode::kUsage, fmt::format("{} is longer than {} bytes.", path, kConfigFileBytesMax)});
}

Outcome<toml::table> parse_toml(const std::string& text, const std::string& path) {
  try {
    return toml::parse(text, path);
  } catch (const toml::parse_error& error) {
    return at_line(path, error.source(), error.description());
  }
}

// Fills what `settings` leaves open.
Outcome<void> add_from_text(const std::string& text, const std::string& path, Settings& settings) {
  const Outcome<toml::table> table = parse_toml(text, path);
  if (!table) return fail(table.error());
  for (const auto& [name, value] : *table) {
    const auto key = std::ranges::find(kKeys, name.str(), &Key::name);
    if (key == kKeys.end()) return at_line(path, name.source(), fmt::format("there is no setting `{}`", name.str()));
    const Wrong wrong = key->take(value, settings);
    if (wrong) return at_line(path, value.source(), fmt::format("`{}` {}", name.str(), *wrong));
  }
  return {};
}

std::string absolute_in(const std::string& home, const std::string& path) {
  return (std::filesystem::path(home) / path).lexically_normal().string();
}

// 0 is no limit.
std::uint64_t size_limit(std::optional<std::uint64_t> given, std::uint64_t otherwise) {
  if (!given) return otherwise;
  return *given == 0 ? UINT64_MAX : *given;
}

}  // namespace

Outcome<Config> with_config_file(const std::string& home, Settings given) {
  const std::string path = home + "/config.toml";
  const Outcome<std::string> text = read_file(path);
  if (!text) return fail(text.error());
  const Outcome<void> added = add_from_text(*text, path, given);
  if (!added) return fail(added.error());
  Config config;
  config.home = home;
  config.dest = given.dest ? absolute_in(home, *given.dest) : download_folder(process_environment());
  config.name = given.name.value_or(config.name);
  config.port = given.port;
  config.discovery_port = given.discovery_port.value_or(config.discovery_port);
  config.interfaces = std::move(given.interfaces).value_or(config.interfaces);
  config.announce_to = std::move(given.announce_to).value_or(config.announce_to);
  config.classic = given.classic.value_or(config.classic);
  config.reshare = given.reshare.value_or(config.reshare);
  config.up_bytes_per_second = given.up_bytes_per_second.value_or(config.up_bytes_per_second);
  config.down_bytes_per_second = given.down_bytes_per_second.value_or(config.down_bytes_per_second);
  config.downloads_at_once = given.downloads_at_once.value_or(config.downloads_at_once);
  config.keep_unfinished_days = given.keep_unfinished_days.value_or(config.keep_unfinished_days);
  config.lanes = given.lanes;
  config.sandbox = given.sandbox.value_or(config.sandbox);
  config.sandbox_paths = std::move(given.sandbox_paths);
  if (given.web) {
    const auto place = parse_page_place(*given.web);
    if (!place) return fail(place.error());
    config.page = *place;
  } else if (given.shows_page) {
    config.page = PagePlace{.address = {IpAddress::v4(127, 0, 0, 1), kDefaultPagePort}, .or_next = true};
  }
  config.finish_downloads = given.finish_downloads;
  config.notices = given.notices;
  if (given.offers_from) config.offers.heard = given.offers_from->whom;
  if (given.accept_from) config.offers.accepted = given.accept_from->whom;
  config.offers.bytes_max = size_limit(given.accept_up_to, config.offers.bytes_max);
  config.offers.quota_bytes = size_limit(given.accept_quota, config.offers.quota_bytes);
  if (given.accept_into) config.accept_into = absolute_in(home, *given.accept_into);
  return config;
}

std::optional<AcceptFrom> parse_accept_from(std::string_view text) {
  if (text == "nobody") return AcceptFrom{};
  const auto audience = access::parse_audience(text);
  if (!audience || audience->kind == access::Audience::Kind::kUnlisted) return std::nullopt;
  return AcceptFrom{audience};
}

Outcome<std::optional<PagePlace>> parse_page_place(std::string_view text) {
  if (text == "off") return std::nullopt;
  const std::optional<Endpoint> address = Endpoint::parse(text);
  if (!address) {
    return fail(Failure{FailureCode::kUsage,
                        fmt::format("\"{}\" is no place for the page; say 127.0.0.1:PORT, or off.", text)});
  }
  if (!address->address.is_loopback()) {
    return fail(Failure{FailureCode::kUsage,
                        fmt::format("others can reach {}, and the page is for the owner of this machine alone; say "
                                    "127.0.0.1:{}, and from elsewhere use a tunnel (ssh -L).",
                                    address->address.text(), address->port)});
  }
  return PagePlace{.address = *address};
}

std::optional<std::uint64_t> parse_rate(std::string_view text) {
  if (text == "off") return 0;
  double number = 0;
  const char* end = text.data() + text.size();
  const auto [parsed_to, error] = std::from_chars(text.data(), end, number, std::chars_format::fixed);
  if (error != std::errc() || !std::isfinite(number) || std::signbit(number)) return std::nullopt;
  std::string_view unit(parsed_to, static_cast<std::size_t>(end - parsed_to));
  if (unit.ends_with("iB")) unit.remove_suffix(2);
  std::uint64_t factor = 1;
  if (unit == "k" || unit == "K") {
    factor = kKiB;
  } else if (unit == "M") {
    factor = kMiB;
  } else if (unit == "G") {
    factor = kGiB;
  } else if (!unit.empty() || text.ends_with("iB")) {
    return std::nullopt;
  }
  const double bytes = number * static_cast<double>(factor);
  if (bytes > kRateMax) return std::nullopt;
  return static_cast<std::uint64_t>(std::llround(bytes));
}

bool is_host_and_port(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return false;
  const std::string_view host = text.substr(0, colon);
  if (host.find(':') != std::string_view::npos && !Endpoint::parse(text)) return false;
  unsigned port = 0;
  const char* end = text.data() + text.size();
  const auto [parsed_to, error] = std::from_chars(text.data() + colon + 1, end, port);
  return error == std::errc() && parsed_to == end && port >= 1 && port <= kPortMax;
}

}  // namespace essaim::node
