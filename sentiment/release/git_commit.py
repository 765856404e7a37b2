"""Which commit of the code made something."""

from __future__ import annotations

import subprocess
from pathlib import Path


def git_commit_of(directory: Path) -> str:
    """Return the commit checked out in `directory`, `-dirty` appended where files differ.

    Returns:
        "unknown" outside a repository or without git.
    """
    try:
        done = subprocess.run(
            ["git", "describe", "--always", "--dirty", "--abbrev=40", "--exclude", "*"],
            cwd=directory,
            capture_output=True,
            text=True,
            check=True,
            timeout=30,
        )
    except (OSError, subprocess.SubprocessError):
        return "unknown"
    return done.stdout.strip()
