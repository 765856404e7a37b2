"""What must hold of the panel's files without running them; its sources have tests of their own."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path

import pytest

from sentiment.serving.wire_analysis import NOTICE, STAND_IN_NOTICE

EXTENSION = Path(__file__).resolve().parents[2] / "chrome_extension"
_INLINE = re.compile(r"\sstyle=|\son\w+=|<style|<script(?![^>]*\ssrc=)|javascript:")
_REMOTE = re.compile(r"(?:src|href)=\"(?:https?:)?//")


def pages() -> list[Path]:
    return sorted([*EXTENSION.glob("*.html"), *(EXTENSION / "demo").glob("*.html")])


@pytest.mark.parametrize("page", pages(), ids=lambda path: f"{path.parent.name}-{path.name}")
def test_page_needs_nothing_inline_or_remote(page: Path) -> None:
    html = page.read_text(encoding="utf-8")
    assert _INLINE.findall(html) + _REMOTE.findall(html) == []


def test_demo_page_is_there_for_a_service_without_node() -> None:
    html = (EXTENSION / "demo" / "demo.html").read_text(encoding="utf-8")
    named = re.findall(r'(?:src|href)="/demo/([^"]+)"', html)
    assert named
    assert [name for name in named if not (EXTENSION / "demo" / name).is_file()] == []


def test_extension_id_follows_from_the_key_and_is_documented() -> None:
    manifest = json.loads((EXTENSION / "public" / "manifest.json").read_text(encoding="utf-8"))
    digest = hashlib.sha256(base64.b64decode(manifest["key"], validate=True)).hexdigest()[:32]
    extension_id = digest.translate(str.maketrans("0123456789abcdef", "abcdefghijklmnop"))
    assert extension_id in (EXTENSION / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("key", "notice"), [("notice", NOTICE), ("noticeStandIn", STAND_IN_NOTICE)]
)
def test_panel_knows_the_notices_of_the_service(key: str, notice: str) -> None:
    words = json.loads((EXTENSION / "_locales/en/messages.json").read_text(encoding="utf-8"))
    assert words[key]["message"] == notice


def test_lock_file_names_no_registry() -> None:
    lock = json.loads((EXTENSION / "package-lock.json").read_text(encoding="utf-8"))
    addresses = [package.get("resolved") for package in lock["packages"].values()]
    assert [address for address in addresses if address] == []


def test_each_picture_of_the_documentation_is_there_and_small() -> None:
    docs = EXTENSION.parent / "docs"
    named = re.findall(r"\((images/panel/[^)]+)\)", (docs / "panel.md").read_text(encoding="utf-8"))
    kept = sorted(path.relative_to(docs).as_posix() for path in docs.glob("images/panel/*"))
    assert sorted(named) == kept
    assert sum((docs / name).stat().st_size for name in kept) < 1_500_000
