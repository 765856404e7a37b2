"""A Lambda authorizer: the bearer token that a client sends is its API key of the gateway.

The panel, like most clients, sends `Authorization: Bearer TOKEN` and no `x-api-key`. This hands
the token to API Gateway as the key, which checks it and counts it against its usage plan, and
puts the service's own token in its place. So a client's key opens nothing behind the gateway.
"""

from __future__ import annotations

import os
import re
import time
from typing import Any

# API Gateway takes keys of 20 to 128 characters.
_BEARER = re.compile(r"[Bb]earer ([A-Za-z0-9_-]{20,128})")
_FRESH_S = 300.0


class ServiceToken:
    """The service's token, read again now and then: it follows a change within minutes.

    The service itself does not, so that a change takes steps: docs/deploy.md, "Changing a secret".

    Args:
        client: of Secrets Manager.
        secret_id: ARN of the secret.
    """

    def __init__(self, client: Any, secret_id: str) -> None:  # noqa: ANN401 - made at run time
        self._client = client
        self._secret_id = secret_id
        self._token = ""
        self._read_s = 0.0

    def __call__(self) -> str:
        """Return the token."""
        now_s = time.monotonic()
        if not self._token or now_s - self._read_s > _FRESH_S:
            answer = self._client.get_secret_value(SecretId=self._secret_id)
            self._token, self._read_s = answer["SecretString"], now_s
        return self._token


_token: ServiceToken | None = None


def handle(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Answer API Gateway's question whether a request may pass."""
    global _token  # noqa: PLW0603 - what Lambda keeps between calls
    if _token is None:
        import boto3  # type: ignore[import-untyped]  # noqa: PLC0415 - Lambda brings it; the tests of `decide` need none

        _token = ServiceToken(boto3.client("secretsmanager"), os.environ["API_TOKEN_SECRET"])
    return decide(event, _token())


def decide(event: dict[str, Any], service_token: str) -> dict[str, Any]:
    """Return the policy for a request.

    Whether the key is known is not for us to say: the usage plan of the gateway knows.

    Args:
        event: of a TOKEN authorizer.
        service_token: what the service asks for.

    Raises:
        Exception: no bearer token; API Gateway makes a 401 of exactly this message.
    """
    found = _BEARER.fullmatch(event.get("authorizationToken", ""))
    if found is None:
        raise Exception("Unauthorized")  # noqa: TRY002 - the message that API Gateway knows
    # The whole stage, because the answer is kept for the key, whatever it asks for next.
    api, stage, *_ = event["methodArn"].split("/")
    return {
        "principalId": "client",
        "policyDocument": {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Action": "execute-api:Invoke",
                    "Effect": "Allow",
                    "Resource": f"{api}/{stage}/*",
                }
            ],
        },
        "usageIdentifierKey": found[1],
        "context": {"serviceAuthorization": f"Bearer {service_token}"},
    }
