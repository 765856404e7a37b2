"""Chromium with the extension, and what its pages complain of."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import BrowserContext, ConsoleMessage, Error, Page, Playwright, Worker

CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # Nothing beyond loopback, whatever a page asks for.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
# On a busy machine a page takes its time; what never comes is told late, and no less.
PATIENCE_MS = 30_000
EXTENSION_ID = "kgcndkfdlidfbkkfhlakekkggbcedgod"
PANEL_DIR = Path(__file__).resolve().parents[2] / "chrome_extension"


def built_extension() -> tuple[str, Path]:
    """Return the paths of Chromium and of the extension that was built.

    Raises:
        SystemExit: either is missing.
    """
    chromium_path = shutil.which("chromium")
    extension = PANEL_DIR / "build" / "extension"
    if chromium_path is None or not extension.is_dir():
        raise SystemExit("Wanted Chromium, and build/extension: `npm run build` makes it.")
    return chromium_path, extension


@dataclass
class Complaints:
    """What a page wrote to its console as an error or a warning, and what it did not catch."""

    lines: list[str] = field(default_factory=list)

    def listen_to(self, page: Page) -> None:
        """Collect from now on."""
        page.on("console", self._on_console)
        page.on("pageerror", self._on_error)

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.lines.append(message.text)

    def _on_error(self, error: Error) -> None:
        self.lines.append(str(error))


def launch_chromium(
    playwright: Playwright, chromium_path: str, extension: Path, profile: Path
) -> BrowserContext:
    """Start Chromium with the extension; every web page but the service is made up."""
    context = playwright.chromium.launch_persistent_context(
        profile,
        executable_path=chromium_path,
        headless=False,
        locale="en-US",
        args=[
            "--headless=new",
            *CHROMIUM_FLAGS,
            f"--disable-extensions-except={extension}",
            f"--load-extension={extension}",
        ],
    )
    context.set_default_timeout(PATIENCE_MS)
    context.route(
        re.compile("^https:"),
        lambda route: route.fulfill(
            content_type="text/html", body="<link rel=icon href='data:,'>A page."
        ),
    )
    return context


def worker_of(chromium: BrowserContext) -> Worker:
    """The extension's service worker."""
    if chromium.service_workers:
        return chromium.service_workers[0]
    return chromium.wait_for_event("serviceworker")
