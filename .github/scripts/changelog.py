"""Prints what CHANGELOG.md says of a version, for the notes of a release.

    changelog.py VERSION

Ends with 1 where that version has no section, or an empty one. Standard library only.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

CHANGELOG = Path(__file__).resolve().parents[2] / "CHANGELOG.md"


def main(version: str) -> int:
    """Print the section and return the exit code."""
    text = CHANGELOG.read_text(encoding="utf-8")
    found = re.search(
        rf"^## \[{re.escape(version)}\][^\n]*\n(.*?)(?=^## \[|\Z)", text, re.MULTILINE | re.DOTALL
    )
    section = found[1].strip() if found else ""
    if not section:
        sys.stderr.write(f"CHANGELOG.md says nothing of {version}.\n")
        return 1
    sys.stdout.write(section + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
