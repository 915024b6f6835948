// JSON as the API and the command line write it.
#pragma once
#include <string>

#include <boost/json/value.hpp>

namespace essaim::api {

// Compact JSON that is valid whatever the texts hold: one that is not UTF-8 (a path on disk can be any bytes) is
// written as printable() shows it. Numbers with a fraction are written plainly ("0.25", never "2.5E-1").
// For values of our own making: nesting is not bounded.
[[nodiscard]] std::string json_text(const boost::json::value& value);

}  // namespace essaim::api
