"""How bytes reach the Data API. The only module that configures httplib2."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import httplib2
from pydantic import SecretStr

_OK = 200
_LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})


class ErrorAnswerError(Exception):
    """An answer that is no page; caught by the client, which says what it means.

    Attributes:
        status: the HTTP status, anything but 200.
        body: the answer's body, without the key.
    """

    def __init__(self, status: int, body: bytes) -> None:
        super().__init__(f"status {status}")
        self.status = status
        self.body = body


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
        """Send one request; see `httplib2.Http.request`.

        Raises:
            ErrorAnswerError: the status is not 200. Raised here because googleapiclient's own
                reading of error bodies logs them and fails on odd ones.
        """
        response, content = super().request(*args, **kwargs)
        if response.status != _OK:
            key = None if self._api_key is None else self._api_key.get_secret_value()
            raise ErrorAnswerError(
                response.status, content.replace(key.encode(), b"[API key]") if key else content
            )
        return response, content
