"""How single fields of the Data API's JSON are read, whatever stands there: nothing here raises.

Standard library only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

_NOTHING: Mapping[str, object] = {}
_MAX_COUNT = 2**63 - 1  # what a database's integer holds


def mapping_of(value: object) -> Mapping[str, object]:
    """Return an object, empty where there is none."""
    return value if isinstance(value, dict) else _NOTHING


def mappings_of(value: object) -> Iterator[Mapping[str, object]]:
    """Yield the objects of a list; nothing where there is none."""
    if isinstance(value, list):
        yield from (entry for entry in value if isinstance(entry, dict))


def count_of(value: object) -> int | None:
    """Return a count that YouTube gives as a number or, in statistics, as a string of digits."""
    if isinstance(value, int):
        return min(max(0, value), _MAX_COUNT)
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20:
        return min(int(value), _MAX_COUNT)
    return None


def time_of(value: object) -> datetime | None:
    """Return a moment with time zone, UTC where the value names none; None when unreadable."""
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def encodable(text: str) -> str:
    """Replace halves of a broken emoji, which no UTF-8 answer of ours could carry."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
