"""What another process holds, as Linux tells it; None on other systems."""

from __future__ import annotations

import re
from pathlib import Path

_RESTART_PEAK = "5"
"""What `proc(5)` wants written to `clear_refs` to forget the peak."""


def resident_megabytes(pid: int) -> float | None:
    """Return what a process holds in memory now."""
    return _megabytes(pid, "VmRSS")


def peak_megabytes(pid: int) -> float | None:
    """Return the most that a process held since `restart_peak`."""
    return _megabytes(pid, "VmHWM")


def handles(pid: int) -> int | None:
    """Return how many files and sockets a process has open."""
    try:
        return sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())
    except OSError:
        return None


def threads(pid: int) -> int | None:
    """Return how many threads a process has."""
    found = _field(pid, r"^Threads:\s+(\d+)$")
    return None if found is None else int(found)


def restart_peak(pid: int) -> None:
    """Forget the peak so far, where the system can."""
    try:
        Path(f"/proc/{pid}/clear_refs").write_text(_RESTART_PEAK, encoding="ascii")
    except OSError:
        return


def _megabytes(pid: int, name: str) -> float | None:
    found = _field(pid, rf"^{name}:\s+(\d+) kB$")
    return None if found is None else int(found) / 1_024


def _field(pid: int, pattern: str) -> str | None:
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return None
    found = re.search(pattern, status, re.MULTILINE)
    return found[1] if found else None
