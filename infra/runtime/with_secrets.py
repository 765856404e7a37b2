"""Runs a program with secrets in its environment: the functions' image begins with this.

Lambda keeps a function's environment in the open for whoever may look at the function, so the
stacks put only the secrets' ARNs there: `SECRET_NAME=arn:…` becomes `NAME=value`, and
`DATABASE_SECRET=arn:…` (what RDS keeps) becomes `SENTIMENT_STORE_URL`. They are read once, when
Lambda starts an environment, which then lives for hours: docs/deploy.md, "Changing a secret".
Needs boto3 alone.

    python with_secrets.py -m MODULE [ARGUMENT …]
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

_PREFIX = "SECRET_"
_DATABASE = "DATABASE_SECRET"


def with_secrets(environment: Mapping[str, str], client: Any) -> dict[str, str]:  # noqa: ANN401
    """Return the environment with the secrets that it names.

    Args:
        environment: holds `SECRET_NAME` and perhaps `DATABASE_SECRET`; these are left out.
        client: of Secrets Manager.
    """
    found: dict[str, str] = {}
    for name, value in environment.items():
        if name == _DATABASE:
            found["SENTIMENT_STORE_URL"] = _store_url(json.loads(_read(client, value)))
        elif name.startswith(_PREFIX):
            found[name.removeprefix(_PREFIX)] = _read(client, value)
        else:
            found[name] = value
    return found


def _read(client: Any, arn: str) -> str:  # noqa: ANN401 - boto3 makes its clients at run time
    text: str = client.get_secret_value(SecretId=arn)["SecretString"]
    return text


def _store_url(database: Mapping[str, Any]) -> str:
    user, password = (quote(str(database[part]), safe="") for part in ("username", "password"))
    place = f"{database['host']}:{database['port']}/{database['dbname']}"
    return f"postgresql://{user}:{password}@{place}?sslmode=require"


def main(arguments: list[str]) -> None:
    """Replace this process by another Python with these arguments."""
    import boto3  # type: ignore[import-untyped]  # noqa: PLC0415 - the functions' image holds it; the tests make their own client

    environment = with_secrets(os.environ, boto3.client("secretsmanager"))
    os.execve(sys.executable, [sys.executable, *arguments], environment)  # noqa: S606 - no shell is wanted


if __name__ == "__main__":
    main(sys.argv[1:])
