"""How many requests each client may send: a moving window in memory.

Owns who counts as one client, and how many clients are told apart.
"""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from ipaddress import AddressValueError, IPv6Address, IPv6Network

from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from sentiment.serving.limits import MAX_RATED_CLIENTS

_OTHERS = "others"
_IPV6_PREFIX_BITS = 64


class ClientRates:
    """The requests of each client in the last while.

    The table of clients has an end, so that no flood of addresses fills the memory: while it is
    full of clients of the last window, all further ones share a single allowance. Not
    thread-safe: called from the event loop alone.

    Args:
        rate: as in `600/minute`, of `Settings.rate_limit`.
        max_clients: clients told apart, > 0.
    """

    def __init__(self, rate: str, *, max_clients: int = MAX_RATED_CLIENTS) -> None:
        self._limit = parse(rate.replace(" ", ""))
        self._storage = MemoryStorage()
        self._window = MovingWindowRateLimiter(self._storage)
        self._max_clients = max_clients
        self._last_seen_s: OrderedDict[str, float] = OrderedDict()

    def refusal(self, client: str) -> int | None:
        """Count a request, unless its client has sent too many.

        Args:
            client: from `client_of_address`, or any other stable word.

        Returns:
            None when it may pass; else after how many whole seconds the next one will.
        """
        key = self._key(client)
        if self._window.hit(self._limit, key):
            return None
        free_at_s, _ = self._window.get_window_stats(self._limit, key)
        return max(1, math.ceil(free_at_s - time.time()))

    def __len__(self) -> int:
        return len(self._last_seen_s)

    def _key(self, client: str) -> str:
        now_s = time.monotonic()
        if client not in self._last_seen_s:
            if len(self._last_seen_s) >= self._max_clients:
                self._forget(before_s=now_s - self._limit.get_expiry())
            if len(self._last_seen_s) >= self._max_clients:
                return _OTHERS
        self._last_seen_s[client] = now_s
        self._last_seen_s.move_to_end(client)
        return client

    def _forget(self, *, before_s: float) -> None:
        while self._last_seen_s:
            client, seen_s = next(iter(self._last_seen_s.items()))
            if seen_s >= before_s:
                return
            del self._last_seen_s[client]
            key = self._limit.key_for(client)
            # The library's own thread walks the table: it holds the same lock.
            with self._storage.locks[key]:
                self._storage.clear(key)


def client_of_address(address: str) -> str:
    """Return what stands for a client: its IPv4 address, or its IPv6 network of 64 bits.

    One IPv6 client owns a whole such network (RFC 6177), so that an address means little.

    Args:
        address: of the connection; anything else than an IPv6 address stands for itself.
    """
    try:
        parsed = IPv6Address(address.partition("%")[0])
    except AddressValueError:
        return address
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(IPv6Network((int(parsed), _IPV6_PREFIX_BITS), strict=False))
