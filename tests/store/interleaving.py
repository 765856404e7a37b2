"""What others do to a store between two statements of one who reads it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, event


@contextmanager
def once_read(table: str, act: Callable[[], object]) -> Iterator[None]:
    """Act once, right after the first statement that reads a table.

    Args:
        table: name of the table.
        act: what happens then, in the reader's thread.
    """
    is_done = False

    def look(_: Connection, __: object, statement: str, *___: object) -> None:
        nonlocal is_done
        if not is_done and statement.startswith("SELECT") and f"FROM {table}" in statement:
            is_done = True  # first: what is done reads too
            act()

    event.listen(Engine, "after_cursor_execute", look)
    try:
        yield
    finally:
        event.remove(Engine, "after_cursor_execute", look)
    assert is_done
