"""Chromium for the panel's tests, and the services that it asks."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import NoReturn

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    Playwright,
    Worker,
    expect,
    sync_playwright,
)

from sentiment.youtube.replay import ReplayServer
from sentiment.youtube.replay_app import ReplayOptions
from tests.panel.beside import Beside, OpenPanel, panel_beside
from tests.panel.chromium import (
    CHROMIUM_FLAGS,
    PANEL_DIR,
    PATIENCE_MS,
    Complaints,
    launch_chromium,
    worker_of,
)
from tests.panel.fake_service import FakeService
from tests.serving.running import Running, serving


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


@pytest.fixture(scope="package")
def replay() -> Iterator[ReplayServer]:
    """A stand-in that takes a moment for each page, so that results come bit by bit."""
    with ReplayServer(ReplayOptions(latency_ms=60)) as server:
        yield server


@pytest.fixture(scope="package")
def store_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("store")


@pytest.fixture(scope="package")
def server(tiny_bundle: Path, replay: ReplayServer, store_folder: Path) -> Iterator[Running]:
    with serving(tiny_bundle, store_folder, replay) as (running, _):
        yield running


@pytest.fixture
def open_panel(chromium: BrowserContext, worker: Worker, server: Running) -> OpenPanel:
    def open_(video_id: str, **settings: object) -> AbstractContextManager[Beside]:
        return panel_beside(chromium, worker, video_id, server.url, settings=settings)

    return open_
