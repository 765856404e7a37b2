"""JSON bodies without halves of characters, for every edge. Standard library only."""

from __future__ import annotations

import json
import re

_SURROGATE_ESCAPE = re.compile(rb"\\u[dD][89a-fA-F]")
_SURROGATE = re.compile("[\ud800-\udfff]")


def repair_surrogates(body: bytes) -> bytes:
    r"""Drop lone surrogates from a JSON body.

    JSON can escape half of a character (`"\ud83d"`), which the parser of requests refuses. One
    such text must not fail the others, and the cleaner drops lone surrogates anyway.

    Args:
        body: any bytes.

    Returns:
        The same document without lone surrogates; `body` itself when it has none or is no JSON.
    """
    if not _SURROGATE_ESCAPE.search(body):
        return body
    try:
        document = json.loads(body)
        # Pairs became one character when parsed: what is left of surrogates is lone.
        return _SURROGATE.sub("", json.dumps(document, ensure_ascii=False)).encode()
    except (ValueError, RecursionError):
        return body
