from __future__ import annotations

import re
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from sentiment.serving.openapi import openapi_document
from sentiment.serving.pages import build_pages
from sentiment.serving.wire import ModelBody

MODEL = ModelBody(name="tiny", digest="ab" * 32)


@pytest.fixture
def client(tmp_path: Path) -> TestClient:
    panel = tmp_path / "panel"
    panel.mkdir()
    (panel / "demo.html").write_text("<p>demo</p>")
    (panel / "panel.js").write_text("export {}")
    (tmp_path / "secret.txt").write_text("secret")
    (panel / "link.txt").symlink_to(tmp_path / "secret.txt")
    app = build_pages(panel, model=lambda: MODEL, video_id="dQw4w9WgXcQ", replayed=True)
    return TestClient(app)


@pytest.mark.parametrize("path", ["/demo", "/demo/"])
def test_demo_page_is_shown(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.text) == (200, "<p>demo</p>")
    assert answer.headers["content-type"].startswith("text/html")


def test_pages_carry_a_policy_without_inline_code(client: TestClient) -> None:
    for path in ("/demo", "/demo/panel.js", "/demo/config.json", "/demo/none.js"):
        headers = client.get(path).headers
        policy = headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; script-src 'self';")
        assert "unsafe" not in policy
        assert headers["cache-control"] == "no-cache"


def test_scripts_have_a_type_that_browsers_run(client: TestClient) -> None:
    assert "javascript" in client.get("/demo/panel.js").headers["content-type"]


def test_config_tells_the_video(client: TestClient) -> None:
    answer = client.get("/demo/config.json").json()
    assert answer == {"video_id": "dQw4w9WgXcQ", "replayed": True}


@pytest.mark.parametrize(
    "path",
    [
        "/demo/none.js",
        "/demo/../secret.txt",
        "/demo/%2e%2e/secret.txt",
        "/demo/..%2fsecret.txt",
        "/demo/%2fetc/passwd",
        "/demo/..%5csecret.txt",
        "/demo/link.txt",
        "/demo/panel.js%00",
    ],
)
def test_nothing_outside_the_folder_is_served(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "secret" not in answer.text


def test_missing_panel_is_not_found(tmp_path: Path) -> None:
    app = build_pages(tmp_path / "none", model=lambda: MODEL, video_id=None, replayed=False)
    client = TestClient(app)
    assert client.get("/demo").status_code == 404
    assert client.get("/demo/panel.js").status_code == 404


def test_model_is_named(client: TestClient) -> None:
    assert client.get("/v1/model").json() == MODEL.model_dump()


def test_start_page_leads_to_the_demo_or_to_the_interface(
    client: TestClient, tmp_path: Path
) -> None:
    assert client.get("/", follow_redirects=False).headers["location"] == "/demo"
    bare = TestClient(
        build_pages(tmp_path / "none", model=lambda: MODEL, video_id=None, replayed=False)
    )
    assert bare.get("/", follow_redirects=False).headers["location"] == "/docs"


def test_interface_is_shown_from_this_host_alone(client: TestClient) -> None:
    page = client.get("/docs")
    assert page.status_code == 200
    addresses = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    own = [address for address in addresses if address.startswith("/")]
    assert set(addresses) - set(own) == {"data:,"}
    assert {client.get(address).status_code for address in own} == {200}
    assert client.get("/docs.json").json() == openapi_document()


def test_further_routes_of_the_interface_have_no_headers_of_pages(tmp_path: Path) -> None:
    async def answer(_: Request) -> Response:
        return Response("x")

    pages = build_pages(
        tmp_path,
        model=lambda: MODEL,
        video_id=None,
        replayed=False,
        more=[Route("/v1/more", answer)],
    )
    answered = TestClient(pages).get("/v1/more")
    assert answered.text == "x"
    assert "cache-control" not in answered.headers
