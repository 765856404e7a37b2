"""Holds the licences of what is shipped against those that are accepted.

    licences.py

Reads .venv-serve by pip-licenses, and the side panel's lock file. A package passes where each of
its licences is in `ACCEPTED`, or where it is in `LOOKED_AT`, with what was found. Ends with 1
where one does not. Standard library only.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# Permissive, or copyleft by file or library: nothing that reaches our own code when it is used.
ACCEPTED = {
    *("MIT", "MIT License", "MIT-0", "0BSD", "ISC", "ISC License (ISCL)", "Zlib", "CC0-1.0"),
    *("Apache-2.0", "Apache 2.0", "Apache License 2.0", "Apache Software License"),
    *("BSD", "BSD License", "BSD-2-Clause", "BSD-3-Clause", "3-Clause BSD License"),
    *("BSD-3-Clause-Clear", "BSD 3-Clause"),
    *("PSF-2.0", "Python Software Foundation License"),
    *("MPL-2.0", "Mozilla Public License 2.0 (MPL 2.0)"),
    # psycopg: used as a library, unchanged, and replaceable.
    "LGPL-3.0-only",
}
LOOKED_AT: dict[str, str] = {}
"""Packages that say nothing a program understands, and what a person read in their files."""


def _parts(licence: str) -> list[str]:
    parts = re.split(r" AND | OR |; ", licence)
    # Brackets of an expression go; those of a name, as in "Mozilla Public License (MPL 2.0)", stay.
    return [part.strip("()") if part.count("(") != part.count(")") else part for part in parts]


def _of_service() -> dict[str, str]:
    printed = subprocess.run(
        [ROOT / ".venv-tools/bin/pip-licenses", "--python", ROOT / ".venv-serve/bin/python",
         "--format=json", "--with-system"],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    return {item["Name"]: item["License"] for item in json.loads(printed)}


def _of_extension() -> dict[str, str]:
    lock = json.loads((ROOT / "chrome_extension/package-lock.json").read_text(encoding="utf-8"))
    return {
        path.removeprefix("node_modules/"): package.get("license", "none")
        for path, package in lock["packages"].items()
        if path and not package.get("dev")
    }


def main() -> int:
    """Print what does not pass, and return the exit code."""
    found = {**_of_service(), **_of_extension()}
    refused = {
        name: licence
        for name, licence in found.items()
        if name not in LOOKED_AT and not all(part in ACCEPTED for part in _parts(licence))
    }
    for name, licence in sorted(refused.items()):
        sys.stderr.write(f"{name}: {licence}\n")
    sys.stdout.write(f"{len(found)} packages, {len(refused)} with a licence to look at\n")
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
