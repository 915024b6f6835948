// Names that somebody means harm with: more than two thousand, always the same ones. All routes that take a name are
// tested with all of them.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace essaim::test {

struct HostileName {
  std::string text;
  // No path may ever be made of it; else it is one that may look like much, but names one thing below its folder.
  bool forbidden = false;
};

namespace hostile_names {

inline std::string utf8(char32_t c) {
  if (c < 0x80) return {static_cast<char>(c)};
  if (c < 0x800) return {static_cast<char>(0xC0 | (c >> 6)), static_cast<char>(0x80 | (c & 0x3F))};
  if (c < 0x10000) {
    return {static_cast<char>(0xE0 | (c >> 12)), static_cast<char>(0x80 | ((c >> 6) & 0x3F)),
            static_cast<char>(0x80 | (c & 0x3F))};
  }
  return {static_cast<char>(0xF0 | (c >> 18)), static_cast<char>(0x80 | ((c >> 12) & 0x3F)),
          static_cast<char>(0x80 | ((c >> 6) & 0x3F)), static_cast<char>(0x80 | (c & 0x3F))};
}

// Ways out of a folder.
inline void add_traversals(std::vector<HostileName>& names) {
  for (const std::string_view before : {"", "a/", "a/b/", "/", "//", "./", "a//", "a/./"}) {
    for (const std::string_view way : {"..", ".", "../..", "../../..", "../etc/passwd", "./.ssh/authorized_keys"}) {
      for (const std::string_view after : {"", "/", "//", "/x", "/../x", "/./x", "/.."}) {
        names.push_back({std::string(before) + std::string(way) + std::string(after), true});
      }
    }
  }
  for (const std::string_view text : {"", "/", "//", "/etc/passwd", "/x", "x/", "x//y", "//server/share", "x/ /../y"}) {
    names.push_back({std::string(text), true});
  }
}

// Characters that a terminal, a log or a C string obeys, at each place of a name.
inline void add_controls(std::vector<HostileName>& names) {
  std::vector<char32_t> controls;
  for (char32_t c = 0; c < 0x20; ++c) controls.push_back(c);
  for (char32_t c = 0x7F; c < 0xA0; ++c) controls.push_back(c);
  for (const char32_t c : controls) {
    names.push_back({utf8(c) + "x", true});
    names.push_back({"x" + utf8(c) + "y", true});
    names.push_back({"x" + utf8(c), true});
    names.push_back({"folder/" + utf8(c) + "[2J/x", true});
    names.push_back({utf8(c), true});
    names.push_back({"folder" + utf8(c) + "/x", true});
  }
}

// Bytes that are no UTF-8.
inline void add_broken_utf8(std::vector<HostileName>& names) {
  for (int byte = 0x80; byte < 0x100; ++byte) {
    const std::string one(1, static_cast<char>(byte));
    names.push_back({one, true});
    names.push_back({"x" + one + "y", true});
    names.push_back({"x/" + one, true});
    names.push_back({one + "/x", true});
  }
  for (const std::string_view bytes :
       {"\xC0\xAF", "\xC0\xAE\xC0\xAE/", "\xE0\x80\xAF", "\xF0\x80\x80\xAF", "\xED\xA0\x80", "\xED\xBF\xBF",
        "\xF4\x90\x80\x80", "\xF8\x88\x80\x80\x80", "\xC1\xBF", "\xE2\x82", "\xF0\x9F\x92"}) {
    names.push_back({std::string(bytes), true});
    names.push_back({"..." + std::string(bytes) + "etc", true});
  }
}

// Too long for a part, for a path, too deep, and just not so.
inline void add_lengths(std::vector<HostileName>& names) {
  for (const std::size_t length : {255U, 256U, 257U, 1000U, 4096U, 4097U, 70'000U}) {
    names.push_back({std::string(length, 'x'), length > 255});
    names.push_back({"folder/" + std::string(length, 'x'), length > 255});
  }
  for (const std::size_t depth : {31U, 32U, 33U, 200U, 3000U}) {
    std::string path = "d";
    for (std::size_t i = 1; i < depth; ++i) path += "/d";
    names.push_back({path, depth > 32});
  }
  std::string many;  // multi-byte characters: 255 is in bytes
  while (many.size() + 3 <= 255) many += utf8(0x4E2D);
  names.push_back({many, false});
  names.push_back({many + utf8(0x4E2D), true});
}

// What means something to another system, to a shell, to a page, to an eye: allowed, since it is only a name here.
inline void add_odd_looks(std::vector<HostileName>& names) {
  const std::vector<std::string> looks = {"CON",
                                          "nul.txt",
                                          "COM1",
                                          "AUX.",
                                          "LPT9.doc",
                                          "CONIN$",
                                          "a:stream",
                                          "C:\\Windows",
                                          "C:",
                                          "\\\\server\\share",
                                          "..\\..\\x",
                                          "x\\..\\y",
                                          "trailing.",
                                          "trailing ",
                                          " leading",
                                          "...",
                                          "....",
                                          ".. ",
                                          " ..",
                                          "..x",
                                          "x..",
                                          "%2e%2e%2f",
                                          "%2e%2e/x",
                                          "%00",
                                          "..%c0%af",
                                          "..%5c",
                                          "&#46;&#46;",
                                          "\uFF0E\uFF0E\uFF0Fetc",
                                          "\u2024\u2024",
                                          "<script>alert(1)</script>",
                                          "<img src=x onerror=alert(1)>",
                                          "\"><svg onload=alert(1)>",
                                          "javascript:alert(1)",
                                          "'; DROP TABLE file; --",
                                          "\" OR 1=1",
                                          "$(reboot)",
                                          "`reboot`",
                                          "; rm -rf ~",
                                          "| nc",
                                          "&& x",
                                          "-rf",
                                          "--help",
                                          "-",
                                          "~",
                                          "~root",
                                          "*",
                                          "?",
                                          "[a-z]",
                                          "{a,b}",
                                          "$HOME",
                                          "%s%n%x",
                                          "{}",
                                          "{0}",
                                          "#",
                                          "!x",
                                          "x=y",
                                          "a&b",
                                          "\u202Egpj.exe",
                                          "x\u2066y\u2069",
                                          "zero\u200Bwidth",
                                          "\uFEFFbom",
                                          "soft\u00ADhyphen",
                                          "\u2028line",
                                          "\u061Cmark",
                                          "caf\u00E9",
                                          "cafe\u0301",
                                          "STRASSE",
                                          "stra\u00DFe",
                                          "\u0130",
                                          "\u212A",
                                          "\U0001F4A9",
                                          "\U000E0001tag",
                                          "\u00A0",
                                          ".essaim-part",
                                          ".x.essaim-part",
                                          ".x.2.essaim-part",
                                          "catalogue.sqlite",
                                          "identity.key",
                                          "config.toml",
                                          ".bashrc",
                                          ".ssh",
                                          "authorized_keys",
                                          ".desktop",
                                          "autorun.inf",
                                          "desktop.ini",
                                          "x.lnk",
                                          "\u30B3\u30F3",
                                          "\u0627\u0644"};
  for (const std::string& look : looks) {
    for (const std::string& text :
         {look, "folder/" + look, look + "/file", look + ".txt", look + look, "x/" + look + "/y/z", look + " (2)",
          "." + look + "x", "a" + look, look + "/" + look}) {
      const bool climbs = text == "." || text.find("/../") != std::string::npos;
      names.push_back({text, climbs});
    }
  }
}

}  // namespace hostile_names

inline std::vector<HostileName> hostile_names_all() {
  std::vector<HostileName> names;
  hostile_names::add_traversals(names);
  hostile_names::add_controls(names);
  hostile_names::add_broken_utf8(names);
  hostile_names::add_lengths(names);
  hostile_names::add_odd_looks(names);
  return names;
}

}  // namespace essaim::test
