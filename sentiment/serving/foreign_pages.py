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

_OWN_SITES = frozenset({"same-origin", "none"})  # none: a person typed the address
# Kept from the public name system (RFC 6761, 6762, 8375; ICANN 2024), so nobody can own one.
_PRIVATE_ENDINGS = (".localhost", ".local", ".home.arpa", ".internal")


def foreign_page(headers: Headers, *, origins: Collection[str], has_proxy: bool) -> str | None:
    """Return what page asks that may not; None when none is known to.

    Args:
        headers: of the request.
        origins: whose pages may ask, besides the service's own.
        has_proxy: whether a proxy stands before the service, whose `Host` may be any.
    """
    origin, host = headers.get("origin"), headers.get("host", "")
    site = headers.get("sec-fetch-site")
    if origin is not None:
        if origin in origins:
            return None
        # A proxy may have put another `Host`; no page can say `same-origin` that is none.
        if _netloc(origin) != host and site != "same-origin":
            return origin
    elif site is not None and site not in _OWN_SITES:
        return "another site"
    # Also where we listen on other addresses than loopback: a container's is published on it.
    if has_proxy or _is_firm(host):
        return None
    return None if host in map(_netloc, origins) else host


def _netloc(origin: str) -> str:
    return origin.partition("://")[2]


def _is_firm(host: str) -> bool:
    """Tell whether a `Host` is one that nobody from outside can turn to an address of theirs.

    Addresses are, names without a dot, and those below what is kept for private use.
    """
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:  # such as "[": whoever asks so is no browser of ours
        return False
    is_private = name != "" and ("." not in name or name.endswith(_PRIVATE_ENDINGS))
    return is_private or _is_address(name)


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
