"""Work that ends when the client that asked for it leaves: nobody would read what it gives."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from starlette.requests import Request

_Value = TypeVar("_Value")


async def unless_left(request: Request, work: Coroutine[Any, Any, _Value]) -> _Value | None:
    """Do work while its client is there.

    Args:
        request: of the client, its body read.
        work: cancelled when the client leaves, or when this call is cancelled.

    Returns:
        What the work gives; None where the client left before.
    """
    working = asyncio.ensure_future(work)
    leaving = asyncio.ensure_future(_left(request))
    both = {working, leaving}
    try:
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        return working.result() if working.done() else None
    finally:
        for task in both:
            task.cancel()
        await asyncio.wait(both)


async def _left(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
