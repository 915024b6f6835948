#!/usr/bin/env python3
"""Each rule of check_layers.py finds its breach, and nothing else."""

from __future__ import annotations

import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from check_layers import Checker, cycles_of, function_bodies, without_comments_and_texts  # noqa: E402

HOME_OF_SOMEBODY = "/ho" + "me/somebody/x"  # in two pieces, so that the rule does not find it here


class Rules(unittest.TestCase):
    def breaches(self, files: dict[str, str], exceptions: dict[tuple[str, str], str] | None = None) -> list[str]:
        with tempfile.TemporaryDirectory() as root:
            for path, text in files.items():
                (Path(root) / path).parent.mkdir(parents=True, exist_ok=True)
                (Path(root) / path).write_text(text)
            return [str(breach) for breach in Checker(Path(root), exceptions or {}).run()]

    def test_what_the_table_allows_passes(self) -> None:
        files = {
            "src/base/a.hpp": "#pragma once\n#include <string>\n",
            "src/wire/b.hpp": '#include "base/a.hpp"\n',
            "src/node/facade.hpp": '#include "wire/b.hpp"\n#include <boost/asio.hpp>\n',
            "src/api/routes.cpp": '#include "node/facade.hpp"\n#include "base/a.hpp"\n',
            "src/storage/file.cpp": "#include <fcntl.h>\n",
        }
        self.assertEqual(self.breaches(files), [])

    def test_an_include_upwards_is_a_breach(self) -> None:
        found = self.breaches({"src/wire/a.cpp": '\n#include "transport/listener.hpp"\n'})
        self.assertEqual(found, ['src/wire/a.cpp:2: wire may not include "transport/listener.hpp"'])

    def test_api_sees_only_the_public_face_of_node(self) -> None:
        found = self.breaches({"src/api/a.cpp": '#include "node/node.hpp"\n'})
        self.assertEqual(found, ['src/api/a.cpp:1: api may not include "node/node.hpp"'])

    def test_public_headers_need_the_standard_library_alone(self) -> None:
        header = '#include <string>\n#include "essaim/result.hpp"\n'
        self.assertEqual(self.breaches({"include/essaim/node.hpp": header}), [])
        for other in ("<boost/asio.hpp>", "<unistd.h>", '"node/node.hpp"', "<openssl/ssl.h>"):
            with self.subTest(other):
                self.assertEqual(len(self.breaches({"include/essaim/node.hpp": f"#include {other}\n"})), 1)

    def test_an_exception_lets_one_include_pass_and_must_be_needed(self) -> None:
        exceptions = {("src/cli/main.cpp", "node/node.hpp"): "the composition"}
        self.assertEqual(self.breaches({"src/cli/main.cpp": '#include "node/node.hpp"\n'}, exceptions), [])
        self.assertEqual(len(self.breaches({"src/cli/main.cpp": "\n"}, exceptions)), 1)

    def test_an_include_beside_the_file_is_a_breach(self) -> None:
        found = self.breaches({"src/wire/a.cpp": '#include "a.hpp"\n'})
        self.assertEqual(found, ['src/wire/a.cpp:1: "a.hpp" is no full path from src/'])

    def test_a_folder_that_nobody_planned_is_a_breach(self) -> None:
        self.assertEqual(len(self.breaches({"src/utils/a.cpp": "\n"})), 1)

    def test_impure_words_above_the_line_are_breaches(self) -> None:
        for word in ("#include <thread>", "auto t = Clock::now();", "std::random_device r;", 'getenv("A");',
                     "boost::asio::io_context c;", "#include <fstream>", "std::mutex m;\n#include <mutex>"):
            with self.subTest(word):
                self.assertEqual(len(self.breaches({"src/swarm/a.cpp": word + "\n"})), 1)
                self.assertEqual(self.breaches({"src/node/a.cpp": word + "\n"}), [])

    def test_words_in_comments_and_texts_are_no_breach(self) -> None:
        text = '// asio, ::now() and getenv\nauto a = "random_device"; /* sqlite3 */\nauto b = R"(::now()"\')";\n'
        self.assertEqual(self.breaches({"src/swarm/a.cpp": text}), [])

    def test_system_headers_stay_in_transport_and_storage(self) -> None:
        for header in ("<sys/socket.h>", "<unistd.h>", "<netinet/in.h>", "<fcntl.h>"):
            with self.subTest(header):
                self.assertEqual(len(self.breaches({"src/node/a.cpp": f"#include {header}\n"})), 1)
                self.assertEqual(self.breaches({"src/transport/a.cpp": f"#include {header}\n"}), [])

    def test_long_files_are_breaches(self) -> None:
        self.assertEqual(self.breaches({"src/base/a.hpp": "\n" * 200, "src/base/a.cpp": "\n" * 400}), [])
        self.assertEqual(len(self.breaches({"src/base/a.hpp": "\n" * 201, "src/base/a.cpp": "\n" * 401})), 2)

    def test_long_functions_are_breaches(self) -> None:
        body = "void f() {\n" + "g();\n" * 68 + "}\n"
        self.assertEqual(self.breaches({"src/base/a.cpp": body}), [])
        found = self.breaches({"src/base/a.cpp": body.replace("g();\n", "g();\ng();\n", 1)})
        self.assertEqual(found, ["src/base/a.cpp:1: a function of 71 lines; the limit is 70"])

    def test_include_cycles_are_breaches(self) -> None:
        files = {
            "src/base/a.hpp": '#include "base/b.hpp"\n',
            "src/base/b.hpp": "\n",
            "src/base/b.cpp": '#include "base/a.hpp"\n',
        }
        found = self.breaches(files)
        self.assertEqual(found, ["src/base/a.hpp:1: include cycle: src/base/a -> src/base/b -> src/base/a"])

    def test_paths_of_one_machine_are_breaches(self) -> None:
        self.assertEqual(len(self.breaches({"docs/a.md": HOME_OF_SOMEBODY + "\n"})), 1)
        self.assertEqual(self.breaches({"docs/a.md": "/home/alice/Videos and ../work/x\n"}), [])


class Functions(unittest.TestCase):
    def bodies(self, code: str) -> list[tuple[int, int]]:
        return list(function_bodies(without_comments_and_texts(code)))

    def test_functions_are_found_in_namespaces_and_classes(self) -> None:
        code = "namespace a {\nclass B {\n public:\n  int f() { return 1; }\n};\nvoid g() {\n}\n}\n"
        self.assertEqual(self.bodies(code), [(4, 1), (6, 2)])

    def test_a_constructor_is_measured_by_its_body(self) -> None:
        code = "A::A(int x)\n    : x_{x},\n      y_{f(x)} {\n  g();\n}\nvoid h() {}\n"
        self.assertEqual(self.bodies(code), [(3, 3), (6, 1)])

    def test_tables_and_enumerations_are_no_functions(self) -> None:
        self.assertEqual(self.bodies("enum class E { kA, kB };\nconstexpr std::array<int, 2> kT{\n1,\n2};\n"), [])

    def test_braces_inside_a_body_are_its_own(self) -> None:
        self.assertEqual(self.bodies("auto f() -> int {\n  if (a) {\n    b([] { c(); });\n  }\n}\n"), [(1, 5)])

    def test_macros_and_texts_do_not_confuse_it(self) -> None:
        self.assertEqual(self.bodies('#define X(a) do { \\\n  a; }\nvoid f() {\n  g("{", \'{\', 1\'000);\n}\n'), [(3, 3)])


class Cycles(unittest.TestCase):
    def test_a_diamond_is_no_cycle(self) -> None:
        self.assertEqual(cycles_of({"a": ["b", "c"], "b": ["d"], "c": ["d"]}), [])

    def test_a_loop_is_named_in_order(self) -> None:
        self.assertEqual(cycles_of({"a": ["b"], "b": ["c"], "c": ["a"]}), [["a", "b", "c", "a"]])


if __name__ == "__main__":
    unittest.main()
