"""Holds measured figures against the least that is accepted.

    thresholds.py NAME METRICS.json

Prints a table in Markdown; ends with 1 where a figure is below its threshold, or where none of
the thresholds' sets was measured. Standard library only.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

THRESHOLDS = Path(__file__).resolve().parents[1] / "thresholds.json"


def main(name: str, metrics_path: str) -> int:
    """Compare, print, and return the exit code."""
    wanted: dict[str, float] = json.loads(THRESHOLDS.read_text(encoding="utf-8"))[name]
    measured = json.loads(Path(metrics_path).read_text(encoding="utf-8"))
    lines, n_missed = [], 0
    for key, least in wanted.items():
        corpus, metric = key.split(".")
        if corpus not in measured:
            continue
        found = measured[corpus][metric]
        n_missed += found < least
        lines.append(f"| {key} | {found:.3f} | {least} | {'ok' if found >= least else 'BELOW'} |")
    sys.stdout.write(
        "\n".join(["| figure | found | at least | |", "| --- | --- | --- | --- |", *lines])
    )
    sys.stdout.write("\n")
    if not lines:
        sys.stderr.write(f"{metrics_path} holds none of the sets that {name} has thresholds for.\n")
    return 1 if n_missed or not lines else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
