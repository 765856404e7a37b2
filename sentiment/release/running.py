"""What a running service says of itself at `/readyz`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from sentiment.errors import ReleaseError

_TIMEOUT_S = 5.0


@dataclass(frozen=True, slots=True)
class Running:
    """What a process runs.

    Attributes:
        digest: of the bundle that answers.
        rollout: what it says of the model that is tried; None where it tries none.
    """

    digest: str
    rollout: Mapping[str, Any] | None


def ask_service(address: str) -> Running:
    """Ask a service what it runs.

    Args:
        address: such as http://127.0.0.1:3000.

    Raises:
        ReleaseError: nobody answers there, it is not ready, or it is no service of ours.
    """
    url = f"{address.rstrip('/')}/readyz"
    try:
        answer = httpx.get(url, timeout=_TIMEOUT_S)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise ReleaseError(
            f"The service at {address} does not answer: {str(error) or type(error).__name__}.",
            hint="Start it with `sentiment serve`, or name its address with --service.",
        ) from error
    if answer.status_code != httpx.codes.OK:
        raise ReleaseError(
            f"The service at {address} is not ready: it answers {answer.status_code}.",
            hint="Its log says what it lacks.",
        )
    try:
        body = answer.json()
        rollout = body.get("rollout")
        return Running(str(body["model"]["digest"]), dict(rollout) if rollout else None)
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise ReleaseError(
            f"What answers at {url} is no service of ours: {error}.",
            hint="Name the service's address with --service.",
        ) from error
