# SPDX-License-Identifier: LGPL-3.0-or-later
"""What a run of `meson test` came to:
    totals.py TESTLOG.JSON EXIT-STATUS [SUITE=WHAT-IT-NEEDS…]
Names what failed and what was skipped, and why; a SUITE that is not there
counts as skipped. Last line: N passed, N failed, N skipped."""

import json
import re
import sys


def main(path, status, *suites):
    passed, failed, skipped, seen = 0, [], [], set()
    with open(path, encoding="utf-8") as file:
        for line in file:
            test = json.loads(line)
            # "PROJECT:SUITES / NAME", or "SUITES - PROJECT:NAME" of newer Mesons.
            suites_of, name = re.split(" / | - ", test["name"], maxsplit=1)
            seen |= set(suites_of.split(":")[-1].split("+"))
            name = name.split(":")[-1]
            if test["result"] in ("OK", "EXPECTEDFAIL"):
                passed += 1
            elif test["result"] == "SKIP":
                said = test.get("stdout", "") + test.get("stderr", "")
                lines = said.splitlines() or ["no reason given"]
                why = [l for l in lines if re.search("skip", l, re.I)] or lines
                skipped.append(f"{name}: {why[-1].strip()}")
            else:
                failed.append(f"{name}: {test['result']}")
    for suite, needs in (text.split("=", 1) for text in suites):
        if suite not in seen:
            skipped.append(f"suite {suite}: not built here (it needs {needs})")
    if int(status) and not failed:
        failed.append(f"meson test ended with status {status}")
    if not passed:
        failed.append("no test ran")
    for line in skipped:
        print(f"skipped: {line}")
    for line in failed:
        print(f"failed: {line}")
    print(f"{passed} passed, {len(failed)} failed, {len(skipped)} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
