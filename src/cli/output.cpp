#include "cli/output.hpp"

#include <boost/json/object.hpp>
#include <fmt/format.h>

#include "api/json_text.hpp"
#include "api/views_json.hpp"
#include "base/text.hpp"

namespace essaim::cli {
namespace {

constexpr std::string_view kClearLine = "\r\x1b[K";
constexpr std::string_view kClearPage = "\x1b[H\x1b[2J";

int ansi_code(Colour colour) {
  switch (colour) {
    case Colour::kNone: return 0;
    case Colour::kGreen: return 32;
    case Colour::kYellow: return 33;
    case Colour::kRed: return 31;
  }
  return 0;
}

}  // namespace

boost::json::object event_document(std::string_view name, const boost::json::object& document) {
  boost::json::object event;
  event["event"] = boost::json::string(name.data(), name.size());
  for (const auto& member : document) event[member.key()] = member.value();
  return event;
}

void Output::print(std::string_view text) {
  if (json()) return;
  draw("");
  screen_.out << text << std::flush;
}

void Output::print_json(const boost::json::value& document) {
  if (!json()) return;
  screen_.out << api::json_text(document) << '\n' << std::flush;
}

void Output::note(std::string_view line) {
  if (json() || quiet()) return;
  draw("");
  screen_.err << line << '\n' << std::flush;
}

void Output::draw(std::string_view line) {
  if (!can_draw() || (line.empty() && !drawn_)) return;
  screen_.err << kClearLine << line << std::flush;
  drawn_ = !line.empty();
}

void Output::draw_page(std::string_view page) {
  if (can_draw_page()) screen_.out << kClearPage << page << std::flush;
}

ExitCode Output::complain(const node::Failure& failure) {
  draw("");
  if (json()) {
    boost::json::object document;
    document["error"] = api::to_json(failure);
    screen_.err << api::json_text(document) << '\n' << std::flush;
  } else {
    screen_.err << "essaim: " << printable(failure.message) << '\n' << std::flush;
  }
  return exit_code_of(failure.code);
}

std::string Output::coloured(std::string_view text, Colour colour) const {
  const bool plain = !screen_.out_is_terminal || !screen_.colours || colour == Colour::kNone;
  return plain ? std::string(text) : fmt::format("\x1b[{}m{}\x1b[0m", ansi_code(colour), text);
}

}  // namespace essaim::cli
