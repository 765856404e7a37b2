"""The interface's page in Chromium: it works under its policy and asks no other host."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, Request, expect

from tests.panel.chromium import Complaints
from tests.serving.running import SERVE, announced

pytestmark = pytest.mark.browser


def test_page_tries_the_interface_out_and_asks_no_other_host(
    tiny_bundle: Path, tmp_path: Path, page: Page, complaints: Complaints
) -> None:
    asked: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url)

    page.on("request", note)
    command = (*SERVE, "--port", "0", "--model", str(tiny_bundle))
    with announced(command, log_path=tmp_path / "log") as server:
        page.goto(f"{server.url}/docs")
        operation = page.locator("#operations-Interface-post_predict")
        operation.locator(".opblock-summary").click()
        operation.get_by_role("button", name="Try it out").click()
        operation.get_by_role("button", name="Execute").click()
        status = operation.locator(".live-responses-table .response-col_status").last
        expect(status).to_have_text("200")
    assert f"{server.url}/v1/predict" in asked
    foreign = [url for url in asked if not url.startswith((server.url, "data:", "blob:"))]
    assert foreign == []
    assert complaints.lines == []
