"""The memory of another process, as Linux tells it; None on other systems."""

from __future__ import annotations

import re
from pathlib import Path

_RESTART_PEAK = "5"
"""What `proc(5)` wants written to `clear_refs` to forget the peak."""


def resident_megabytes(pid: int) -> float | None:
    """Return what a process holds in memory now."""
    return _status(pid, "VmRSS")


def peak_megabytes(pid: int) -> float | None:
    """Return the most that a process held since `restart_peak`."""
    return _status(pid, "VmHWM")


def restart_peak(pid: int) -> None:
    """Forget the peak so far, where the system can."""
    try:
        Path(f"/proc/{pid}/clear_refs").write_text(_RESTART_PEAK, encoding="ascii")
    except OSError:
        return


def _status(pid: int, field: str) -> float | None:
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return None
    found = re.search(rf"^{field}:\s+(\d+) kB$", status, re.MULTILINE)
    return int(found[1]) / 1_024 if found else None
