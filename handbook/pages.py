"""The folder that MkDocs builds from: the repository's own pages in place, and those made of code.

`python -m handbook.pages FOLDER`. Paths stay what they are in the repository, so that a link
holds here and where the repository is hosted.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from handbook.command_line import commands_page
from handbook.configuration import configuration_page, environment_page
from handbook.interface import interface_page
from handbook.monitoring import exit_codes_page, metrics_page
from handbook.run_commands import run_page

REPOSITORY = Path(__file__).resolve().parents[1]
REFERENCE = Path("docs/reference")
"""Where the pages made of code go; nothing of it is committed."""

# What links of these pages lead to.
_COPIED = (
    "*.md",
    "docs/**/*.md",
    "docs/images/**/*.png",
    "chrome_extension/README.md",
    "models/*/*.md",
    "notebooks/*.ipynb",
    "reports/figures/*.svg",
    "reports/openapi.json",
    "reports/evaluation.html",
)


def made_pages() -> Mapping[str, Callable[[], str]]:
    """Return what makes each page of `REFERENCE`, by file name."""
    return {
        "configuration.md": configuration_page,
        "environment.md": environment_page,
        "commands.md": commands_page,
        "http.md": lambda: interface_page(
            json.loads((REPOSITORY / "reports" / "openapi.json").read_text(encoding="utf-8"))
        ),
        "metrics.md": metrics_page,
        "exit-codes.md": exit_codes_page,
        "run.md": run_page,
    }


def write_pages(folder: Path) -> None:
    """Fill a folder, which is emptied first, with all pages and what they show."""
    if folder.exists():
        shutil.rmtree(folder)
    for pattern in _COPIED:
        for source in sorted(REPOSITORY.glob(pattern)):
            target = folder / source.relative_to(REPOSITORY)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
    (folder / REFERENCE).mkdir(parents=True)
    for name, make in made_pages().items():
        (folder / REFERENCE / name).write_text(make(), encoding="utf-8")


if __name__ == "__main__":
    write_pages(Path(sys.argv[1]))
