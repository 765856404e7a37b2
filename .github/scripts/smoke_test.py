"""Asks a running service whether it is ready, and for one prediction.

    smoke_test.py ADDRESS [MODEL_DIGEST]

SMOKE_API_TOKEN, where it is set, goes along as bearer token: a gateway wants one of its keys.
SMOKE_WAIT_S: how long the service may take to become ready (60). Ends with 1 and says why where
the service is not ready, another model answers than the digest names, or a plain compliment is
not called positive. Standard library only.
"""

from __future__ import annotations

import json
import os
import sys
import time
import urllib.error
import urllib.request
from typing import Any


def _ask(url: str, body: object = None) -> Any:  # noqa: ANN401 - JSON
    headers = {"content-type": "application/json"}
    if token := os.environ.get("SMOKE_API_TOKEN"):
        headers["authorization"] = f"Bearer {token}"
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data=data, headers=headers)  # noqa: S310 - by an operator
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
        return json.load(answer)


def main(address: str, digest: str = "") -> int:
    """Ask, and return the exit code."""
    address = address.rstrip("/")
    ends_s = time.monotonic() + float(os.environ.get("SMOKE_WAIT_S", "60"))
    while True:
        try:
            model = _ask(f"{address}/v1/model")
            break
        except (OSError, ValueError) as error:
            if time.monotonic() >= ends_s:
                sys.stderr.write(f"{address} did not become ready: {error}\n")
                return 1
            time.sleep(1)
    if digest and model["digest"] != digest:
        sys.stderr.write(f"Wanted model {digest}, {model['digest']} answers.\n")
        return 1
    try:
        (outcome,) = _ask(f"{address}/v1/predict", {"texts": ["What a lovely song, thank you!"]})
    except (OSError, ValueError) as error:
        sys.stderr.write(f"{address} gave no prediction: {error}\n")
        return 1
    if outcome["label"] != 1:
        sys.stderr.write(f"A plain compliment got the label {outcome['label']}.\n")
        return 1
    sys.stdout.write(f"{address} answers with model {model['name']}, {model['digest']}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
