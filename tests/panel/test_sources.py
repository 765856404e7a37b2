"""What must hold of the panel's files without running them."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path

import pytest

EXTENSION = Path(__file__).resolve().parents[2] / "chrome_extension"
_PARSES_TEXT = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|createContextualFragment"
    r"|setHTML|\beval\(|new Function"
)
_INLINE = re.compile(r"\sstyle=|\son\w+=|<style|<script(?![^>]*\ssrc=)|javascript:")
_REMOTE = re.compile(r"(?:src|href)=\"(?:https?:)?//")


def scripts() -> list[Path]:
    return [EXTENSION / "background.js", *sorted((EXTENSION / "panel").glob("*.js"))]


def pages() -> list[Path]:
    return sorted((EXTENSION / "panel").glob("*.html"))


@pytest.mark.parametrize("script", scripts(), ids=lambda path: path.name)
def test_script_never_reads_text_as_code(script: Path) -> None:
    assert _PARSES_TEXT.findall(script.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("page", pages(), ids=lambda path: path.name)
def test_page_needs_nothing_inline_or_remote(page: Path) -> None:
    html = page.read_text(encoding="utf-8")
    assert _INLINE.findall(html) + _REMOTE.findall(html) == []


def test_extension_id_follows_from_the_key_and_is_documented() -> None:
    key = json.loads((EXTENSION / "manifest.json").read_text(encoding="utf-8"))["key"]
    digest = hashlib.sha256(base64.b64decode(key, validate=True)).hexdigest()[:32]
    extension_id = digest.translate(str.maketrans("0123456789abcdef", "abcdefghijklmnop"))
    assert extension_id in (EXTENSION / "README.md").read_text(encoding="utf-8")


def test_lock_file_names_no_registry() -> None:
    assert "://" not in (EXTENSION / "package-lock.json").read_text(encoding="utf-8")
