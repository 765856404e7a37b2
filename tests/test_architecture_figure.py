"""The figure in the README stays readable anywhere, and true."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]
FIGURE = REPOSITORY / "reports" / "figures" / "architecture.svg"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def figure() -> ElementTree.Element:
    return ElementTree.parse(FIGURE).getroot()


def paths_named(figure: ElementTree.Element) -> list[str]:
    texts = [
        element.text or ""
        for element in figure.iter()
        if "path" in element.get("class", "").split()
    ]
    return [name for text in texts for name in text.split(", ") if "/v1/" not in name]


def test_figure_names_only_what_exists(figure: ElementTree.Element) -> None:
    named = paths_named(figure)
    assert "service.py" in named
    missing = [
        name
        for name in named
        if not (REPOSITORY / "sentiment" / name).exists() and not (REPOSITORY / name).exists()
    ]
    assert not missing


def test_figure_names_no_module_outside_the_checked_places(figure: ElementTree.Element) -> None:
    named = set(paths_named(figure))
    everything = " ".join(figure.itertext())
    assert set(re.findall(r"[\w/]+\.(?:py|yaml|lock)\b", everything)) <= named


def test_figure_needs_nothing_from_outside(figure: ElementTree.Element) -> None:
    content = FIGURE.read_text(encoding="utf-8")
    assert figure.tag == f"{SVG}svg"
    assert {element.tag.removeprefix(SVG) for element in figure.iter()}.isdisjoint(
        {"script", "image", "use", "foreignObject", "a", "iframe"}
    )
    assert re.findall(r"https?://[^\"\s]+", content) == ["http://www.w3.org/2000/svg"]
    assert set(re.findall(r"url\(([^)]*)\)", content)) == {"#tip"}
    assert "@import" not in content
    assert "<!DOCTYPE" not in content


def test_figure_is_described_and_follows_the_colour_scheme(figure: ElementTree.Element) -> None:
    labels = (figure.get("aria-labelledby") or "").split()
    described = {element.get("id") for element in figure if element.text}
    assert labels
    assert set(labels) <= described
    assert "prefers-color-scheme: dark" in FIGURE.read_text(encoding="utf-8")
