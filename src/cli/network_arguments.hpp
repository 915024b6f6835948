// The options of commands that start a node, or may.
#pragma once
#include <CLI/App.hpp>

#include "node/config.hpp"

namespace essaim::cli {

// Both write what is given into `settings`, which outlives the parsing.
void add_network_options(CLI::App& app, node::Settings& settings);
// Where a rate has its place among the words. 0: no limit.
void add_rate_position(CLI::App& app, std::uint64_t& rate);

// What is accepted without asking.
void add_accept_options(CLI::App& app, node::Settings& settings);

void add_name_option(CLI::App& app, node::Settings& settings);
void add_sandbox_option(CLI::App& app, node::Settings& settings);

}  // namespace essaim::cli
