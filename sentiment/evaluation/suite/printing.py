"""Prints a page to PDF with Chromium, which the panel's tests use too."""

from __future__ import annotations

import logging
import shutil
import subprocess
import tempfile
from pathlib import Path

from sentiment.errors import ConfigError
from sentiment.files import whole_file

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_TIMEOUT_S = 180
_log = logging.getLogger(__name__)


def find_chromium() -> Path:
    """Return where Chromium is.

    Raises:
        ConfigError: it is not installed.
    """
    for name in _NAMES:
        found = shutil.which(name)
        if found:
            return Path(found)
    raise ConfigError(
        f"The PDF needs Chromium; none of {', '.join(_NAMES)} is on the PATH.",
        hint="Install it (Debian: `apt install chromium`), or leave the PDF out with --no-pdf.",
    )


def print_pdf(page: Path, pdf: Path, *, chromium: Path) -> None:
    """Print a local page to a PDF, written whole or not at all.

    Args:
        page: an HTML file.
        pdf: where the PDF goes.
        chromium: from `find_chromium`.

    Raises:
        ConfigError: Chromium fails or takes too long.
        OutOfSpaceError: the disk is full.
    """
    with whole_file(pdf) as partial, tempfile.TemporaryDirectory() as profile:
        command = [
            str(chromium),
            *("--headless", "--disable-gpu", "--no-pdf-header-footer", "--disable-extensions"),
            # The page is our own and may load nothing; in containers the sandbox can't start.
            *("--no-sandbox", "--disable-dev-shm-usage", "--no-first-run"),
            *("--disable-background-networking", f"--user-data-dir={profile}"),
            *(f"--print-to-pdf={partial.resolve()}", page.resolve().as_uri()),
        ]
        try:
            done = subprocess.run(command, capture_output=True, check=False, timeout=_TIMEOUT_S)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise _failed(chromium, type(error).__name__) from error
        if done.returncode != 0 or not partial.is_file():
            _log.info("chromium said: %s", done.stderr[-2000:].decode(errors="replace"))
            raise _failed(chromium, f"status {done.returncode}")


def _failed(chromium: Path, why: str) -> ConfigError:
    return ConfigError(
        f"{chromium} could not print the PDF ({why}).",
        hint="Leave it out with --no-pdf, and print the HTML page from a browser.",
    )
