#!/usr/bin/env python3
"""Takes every defence of src/base/defence.hpp out, one at a time, and shows that a test misses it.

    run.py BUILD [DEFENCE…]

BUILD is a build directory that was configured with -DESSAIM_REMOVABLE=ON. For each defence the test that
tests/removal/defences.py names is run twice: as it is, when it must pass, and without the defence, when it must fail.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(HERE))

from defences import DEFENCES, Watch  # noqa: E402

SECONDS_MAX = 240


def numbers() -> dict[str, int]:
    """The enumerators of the header, in their order."""
    header = (ROOT / "src/base/defence.hpp").read_text()
    body = header[header.index("enum class Defence {") : header.index("};")]
    return {name: number for number, name in enumerate(re.findall(r"^\s+k(\w+),", body, re.MULTILINE))}


def passes(build: Path, watch: Watch, removed: int | None) -> bool:
    environment = dict(os.environ, ESSAIM_BINARY=str(build / "essaim"), PYTHONDONTWRITEBYTECODE="1")
    environment.pop("ESSAIM_WITHOUT", None)
    if removed is not None:
        environment["ESSAIM_WITHOUT"] = str(removed)
    if watch.program.endswith(".py"):
        command = [sys.executable, str(ROOT / "tests" / watch.program), watch.test]
    else:
        command = [str(build / "tests" / watch.program), f"--gtest_filter={watch.test}"]
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=SECONDS_MAX)
    except subprocess.TimeoutExpired:
        return False
    ran = "[  PASSED  ] 0 tests" not in done.stdout and "Ran 0 tests" not in done.stderr
    assert ran or done.returncode != 0, f"{watch.program} has no test {watch.test}"
    return done.returncode == 0


def main() -> int:
    build = Path(sys.argv[1]).resolve()
    known = numbers()
    if set(known) != set(DEFENCES):
        print("defence.hpp and defences.py differ:", ", ".join(sorted(set(known) ^ set(DEFENCES))))
        return 1
    wrong = 0
    for name in sys.argv[2:] or known:
        watch = DEFENCES[name]
        there, gone = passes(build, watch, None), passes(build, watch, known[name])
        verdict = "missed" if there and not gone else "NOT MISSED" if there else "FAILS ANYHOW"
        wrong += verdict != "missed"
        print(f"{name:22} {watch.row:8} {verdict:12} {watch.program} {watch.test}", flush=True)
    print(f"{len(sys.argv[2:] or known)} defences, {wrong} of them without a test that misses them")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
