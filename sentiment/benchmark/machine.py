"""What a benchmark's figures hold for: processor, cores, load and versions."""

from __future__ import annotations

import os
import platform
from dataclasses import asdict, dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

_PACKAGES = ("torch", "transformers", "onnxruntime", "tokenizers", "bentoml", "numpy")
_CPU_FILE = Path("/proc/cpuinfo")
_BUSY_LOAD_PER_CORE = 0.5


@dataclass(frozen=True, slots=True)
class Machine:
    """Where a benchmark ran.

    Attributes:
        processor: its name.
        cores: processor cores that this process may use.
        load: processes that wanted a core in the minute before the start; None where the system
            does not tell.
        versions: of Python and the libraries that do the work.
    """

    processor: str
    cores: int
    load: float | None
    versions: dict[str, str] = field(default_factory=dict)

    @property
    def is_busy(self) -> bool:
        """Whether other work was running, so that the figures are too low."""
        return self.load is not None and self.load > _BUSY_LOAD_PER_CORE * self.cores

    def to_json(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        return {**asdict(self), "is_busy": self.is_busy}


def describe_machine() -> Machine:
    """Look at this machine, now."""
    return Machine(
        processor=_processor(),
        cores=_cores(),
        load=round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
        versions={"python": platform.python_version(), **_versions()},
    )


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _processor() -> str:
    try:
        lines = _CPU_FILE.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, "") or platform.processor() or platform.machine()


def _versions() -> dict[str, str]:
    found: dict[str, str] = {}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found
