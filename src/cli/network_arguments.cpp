#include "cli/network_arguments.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

namespace essaim::cli {
namespace {

constexpr const char* kNetwork = "Network";
constexpr const char* kOffers = "Offers";

template <class Rate>
CLI::Option* add_rate(CLI::App& app, const std::string& name, Rate& rate, const std::string& help) {
  const auto take = [&rate](const std::string& text) { rate = node::parse_rate(text).value_or(0); };
  const auto check = [](const std::string& text) {
    return node::parse_rate(text) ? std::string() : "'" + text + "' is no rate; write bytes a second, like 500k or 10M";
  };
  return app.add_option_function<std::string>(name, take, help)->check(check);
}

void add_list(CLI::App& app, const std::string& flag, std::optional<std::vector<std::string>>& list,
              const std::string& help, const std::string& type) {
  const auto take = [&list](const std::vector<std::string>& texts) { list = texts; };
  CLI::Option* option = app.add_option_function<std::vector<std::string>>(flag, take, help);
  option->allow_extra_args(false)->type_name(type)->group(kNetwork);
  if (type != "HOST:PORT") return;
  option->check([](const std::string& text) {
    return node::is_host_and_port(text) ? std::string() : "'" + text + "' is not HOST:PORT";
  });
}

}  // namespace

void add_network_options(CLI::App& app, node::Settings& settings) {
  const CLI::Range port_range(1, 65535, "");
  app.add_option("--port", settings.port, "TCP port (5001, or the next free one)")
      ->check(port_range)
      ->type_name("PORT")
      ->group(kNetwork);
  app.add_option("--discovery-port", settings.discovery_port, "UDP port of announcements (5000)")
      ->check(port_range)
      ->type_name("PORT")
      ->group(kNetwork);
  add_list(app, "--interface", settings.interfaces, "Use this network interface only; repeatable", "IF");
  add_list(app, "--peer", settings.announce_to, "Announce to this address too; repeatable", "HOST:PORT");
  app.add_flag_callback(
         "--no-classic", [&settings] { settings.classic = false; }, "Speak to encrypted peers only")
      ->group(kNetwork);
  add_rate(app, "--up-limit", settings.up_bytes_per_second, "Send at most this much a second")
      ->type_name("RATE")
      ->group(kNetwork);
  add_rate(app, "--down-limit", settings.down_bytes_per_second, "Receive at most this much a second")
      ->type_name("RATE")
      ->group(kNetwork);
  const auto check_place = [](const std::string& text) {
    const auto place = node::parse_page_place(text);
    return place ? std::string() : place.error().message;
  };
  app.add_option("--web", settings.web, "The page's address, or 'off' (127.0.0.1:5080, or the next free port)")
      ->check(check_place)
      ->type_name("ADDR:PORT")
      ->group(kNetwork);
}

void add_sandbox_option(CLI::App& app, node::Settings& settings) {
  app.add_flag_callback(
      "--sandbox", [&settings] { settings.sandbox = true; },
      "Let the node reach only what it shares, its home, and where downloads go");
}

void add_rate_position(CLI::App& app, std::uint64_t& rate) {
  add_rate(app, "RATE", rate, "Bytes a second, like 500k or 10M, or 'off'")->type_name("")->required();
}

void add_accept_options(CLI::App& app, node::Settings& settings) {
  const auto take = [&settings](const std::string& text) { settings.accept_from = node::parse_accept_from(text); };
  const auto check = [](const std::string& text) {
    return node::parse_accept_from(text)
               ? std::string()
               : "'" + text + "' is not nobody, trusted, everyone, or ids of peers with commas between";
  };
  app.add_option_function<std::string>("--accept-from", take, "Take offers of these without asking (nobody's)")
      ->check(check)
      ->type_name("WHO")
      ->group(kOffers);
  app.add_option("--accept-into", settings.accept_into, "Into this folder (the download folder)")
      ->type_name("DIR")
      ->group(kOffers);
  add_rate(app, "--accept-up-to", settings.accept_up_to, "If they are not larger than this (10G)")
      ->type_name("SIZE")
      ->group(kOffers);
}

void add_name_option(CLI::App& app, node::Settings& settings) {
  app.add_option("--name", settings.name, "What others see this peer called (the host's name)")
      ->type_name("NAME")
      ->group(kNetwork);
}

}  // namespace essaim::cli
