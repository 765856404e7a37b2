"""Checks a built site: every link inside it leads somewhere, and no page loads from elsewhere.

`python -m handbook.links FOLDER` ends with 1 and names what is broken. What a reader may follow
to another site is not asked for: a check that needs the network fails on the network's bad days.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

# Written for whatever server shows it, with addresses from the root.
_NOT_A_PAGE = "404.html"
_FETCHED = {"script": "src", "img": "src", "iframe": "src", "source": "src", "link": "href"}
# Names of the page for search engines, which a browser does not fetch.
_NAMED_ONLY = {"canonical", "next", "prev", "alternate"}
_FROM_CSS = re.compile(r"url\(\s*['\"]?(https?:)?//|@import\s+['\"]https?:")


@dataclass
class _Page(HTMLParser):
    """Links and anchors of a page."""

    links: list[str] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)
    anchors: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what a tag names and leads to."""
        given = {name: value or "" for name, value in attrs}
        self.anchors.update(given[name] for name in ("id", "name") if name in given)
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif tag in _FETCHED and _FETCHED[tag] in given and given.get("rel") not in _NAMED_ONLY:
            self.fetched.append(given[_FETCHED[tag]])


def broken_links(site: Path) -> list[str]:
    """Return a line for each link that leads nowhere and each thing fetched from elsewhere.

    Args:
        site: folder of a built site.
    """
    pages = {path.resolve(): _read(path) for path in sorted(site.rglob("*.html"))}
    found = []
    for path, page in pages.items():
        if path.name == _NOT_A_PAGE:
            continue
        where = path.relative_to(site.resolve())
        found += [f"{where}: {link} leads nowhere" for link in _lost(path, page, pages)]
        found += [
            f"{where}: {address} is fetched from elsewhere"
            for address in page.fetched
            if urlsplit(address).netloc
        ]
    found += [
        f"{path.relative_to(site)}: fetches from elsewhere"
        for path in sorted(site.rglob("*.css"))
        if _FROM_CSS.search(path.read_text(encoding="utf-8"))
    ]
    return found


def _read(path: Path) -> _Page:
    page = _Page()
    page.feed(path.read_text(encoding="utf-8"))
    return page


def _lost(path: Path, page: _Page, pages: dict[Path, _Page]) -> Iterator[str]:
    for link in dict.fromkeys([*page.links, *page.fetched]):
        parts = urlsplit(link)
        if parts.scheme or parts.netloc:
            continue
        target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
        if target.is_dir():
            target /= "index.html"
        anchor = unquote(parts.fragment)
        is_missing = not target.is_file()
        lacks_anchor = bool(anchor) and target in pages and anchor not in pages[target].anchors
        if is_missing or lacks_anchor:
            yield link


if __name__ == "__main__":
    problems = broken_links(Path(sys.argv[1]))
    print("\n".join(problems) or "Every link leads somewhere.")  # noqa: T201 - a command's answer
    sys.exit(bool(problems))
