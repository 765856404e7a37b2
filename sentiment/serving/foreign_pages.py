"""Which web pages may use a service that asks for no token.

A browser sends a page's GET to any address, and hides only the answer: the day's quota would be
spent all the same. A name that its owner turns to 127.0.0.1 (DNS rebinding) would even be shown
the answer. Programs that are no browsers say nothing of pages, and are not kept out.
"""

from __future__ import annotations

from collections.abc import Collection
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import Scope

_OWN_SITES = frozenset({"same-origin", "none"})  # none: a person typed the address


def foreign_page(
    scope: Scope, headers: Headers, *, origins: Collection[str], has_proxy: bool
) -> str | None:
    """Return what page asks that may not; None when none is known to.

    Args:
        scope: of the request.
        headers: of the request.
        origins: whose pages may ask, besides the service's own.
        has_proxy: whether a proxy stands before the service, whose `Host` may be any.
    """
    origin, host = headers.get("origin"), headers.get("host", "")
    if origin is not None:
        if origin in origins:
            return None
        if _netloc(origin) != host:
            return origin
    elif headers.get("sec-fetch-site", "none") not in _OWN_SITES:
        return "another site"
    server = scope.get("server")
    is_local = server is not None and _is_loopback(server[0])
    if not is_local or has_proxy or _is_firm(host):
        return None
    return None if host in map(_netloc, origins) else host


def _netloc(origin: str) -> str:
    return origin.partition("://")[2]


def _is_firm(host: str) -> bool:
    """Tell whether a `Host` is an address or localhost, which nobody can turn elsewhere."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:  # such as "[": whoever asks so is no browser of ours
        return False
    return name == "localhost" or name.endswith(".localhost") or _is_address(name)


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _is_loopback(name: str) -> bool:
    return _is_address(name) and ip_address(name).is_loopback
