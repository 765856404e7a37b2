"""Chromium for the panel's tests, with every complaint of its console collected."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Page,
    Playwright,
    Worker,
    expect,
    sync_playwright,
)

from tests.panel.fake_service import FakeService

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
PATIENCE_MS = 8_000
EXTENSION_ID = "kgcndkfdlidfbkkfhlakekkggbcedgod"
PANEL_DIR = Path(__file__).resolve().parents[2] / "chrome_extension"


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


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Where Chromium is; skip without it, unless everything has to run."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is not None:
        return found
    return _do_without("Chromium is not installed (Debian's package `chromium`)")


@pytest.fixture(scope="session")
def built_extension() -> Path:
    """The folder of the unpacked extension, built now; skip without npm and its packages."""
    npm = shutil.which("npm")
    if npm is None:
        return _do_without("npm is not installed: the extension can't be built")
    if not (PANEL_DIR / "node_modules").is_dir():
        fetched = _run(npm, "ci", "--silent")
        if fetched.returncode != 0:
            return _do_without(f"npm can't fetch the panel's packages: {fetched.stderr[-300:]}")
    built = _run(npm, "run", "--silent", "build")
    if built.returncode != 0:
        pytest.fail(f"the extension does not build: {built.stdout[-500:]}{built.stderr[-2000:]}")
    return PANEL_DIR / "build" / "extension"


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=PANEL_DIR, check=False, capture_output=True, text=True, timeout=240
    )


def _do_without(reason: str) -> NoReturn:
    """Skip, unless everything has to run."""
    if os.environ.get("SENTIMENT_REQUIRE_ALL") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


# Not the whole session: while it runs, asyncio.run fails in other packages' tests.
@pytest.fixture(scope="package")
def playwright(chromium_path: str) -> Iterator[Playwright]:
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="package")
def browser(playwright: Playwright, chromium_path: str) -> Iterator[Browser]:
    browser = playwright.chromium.launch(
        executable_path=chromium_path, args=list(CHROMIUM_FLAGS), timeout=60_000
    )
    yield browser
    browser.close()


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


@pytest.fixture(scope="package")
def chromium(
    playwright: Playwright,
    chromium_path: str,
    built_extension: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[BrowserContext]:
    """Chromium with the extension, in which every web page but the service is made up."""
    profile = tmp_path_factory.mktemp("profile")
    context = launch_chromium(playwright, chromium_path, built_extension, profile)
    yield context
    context.close()


@pytest.fixture(scope="package")
def worker(chromium: BrowserContext) -> Worker:
    return worker_of(chromium)


def worker_of(chromium: BrowserContext) -> Worker:
    """The extension's service worker."""
    if chromium.service_workers:
        return chromium.service_workers[0]
    return chromium.wait_for_event("serviceworker")


@pytest.fixture
def complaints() -> Complaints:
    return Complaints()


@pytest.fixture
def page(browser: Browser, complaints: Complaints) -> Iterator[Page]:
    context = browser.new_context(locale="en-US", timezone_id="UTC")
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    complaints.listen_to(page)
    yield page
    context.close()


@pytest.fixture(scope="package")
def running_service() -> Iterator[FakeService]:
    with FakeService() as service:
        yield service


@pytest.fixture
def service(running_service: FakeService) -> Iterator[FakeService]:
    """A service without a demo video: the page waits for an address."""
    yield running_service
    running_service.forget()
