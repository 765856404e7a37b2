"""How bytes reach the Data API. The only module that configures httplib2."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import httplib2
from pydantic import SecretStr

_LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})


class DiscreetHttp(httplib2.Http):
    """An HTTP object that keeps the key to itself. Not thread-safe, as its parent.

    Follows no redirect, and takes the key out of error answers that repeat it: Google's do,
    for a suspended key.

    Args:
        api_key: the key to keep; None has none.
        timeout_s: seconds to wait for a connection or for bytes, > 0.
        endpoint: address of a stand-in; None is YouTube.
    """

    def __init__(
        self, api_key: SecretStr | None, *, timeout_s: float, endpoint: str | None
    ) -> None:
        host = None if endpoint is None else urlsplit(endpoint).hostname
        if host in _LOOPBACK_HOSTS:
            # A stand-in on this machine is not behind the proxy that the environment names.
            super().__init__(timeout=timeout_s, proxy_info=None)
        else:
            super().__init__(timeout=timeout_s)
        # A redirect could carry the key to another host.
        self.follow_redirects = False
        self._api_key = api_key

    def request(self, *args: Any, **kwargs: Any) -> tuple[httplib2.Response[str], bytes]:  # noqa: ANN401
        """Send one request; see `httplib2.Http.request`."""
        response, content = super().request(*args, **kwargs)
        if self._api_key is not None and response.status >= 300:
            content = content.replace(self._api_key.get_secret_value().encode(), b"[API key]")
        return response, content
