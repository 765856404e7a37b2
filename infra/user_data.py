"""What an instance does at its first boot: files of `on_instance/` put in place, then started.

The files are kept as files, so that they can be read and linted; `@NAME@` in them is replaced.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "on_instance"

_PLACES = {
    "sentiment-environment.sh": ("/usr/local/bin/sentiment-environment", "0700"),
    "sentiment-pull.sh": ("/usr/local/bin/sentiment-pull", "0700"),
    # Called by hand after `sudo -i`: a path that sudo sets may lack /usr/local/bin.
    "sentiment.sh": ("/usr/bin/sentiment", "0755"),
    "sentiment@.service": ("/etc/systemd/system/sentiment@.service", "0644"),
    "cloudwatch-agent.json": ("/etc/sentiment/cloudwatch-agent.json", "0644"),
    "prometheus.yaml": ("/etc/sentiment/prometheus.yaml", "0644"),
}
_PLACEHOLDER = re.compile(r"@([A-Z][A-Z_]+)@")
_END = "END-OF-FILE"


def render(
    values: Mapping[str, str],
    *,
    environment: Mapping[str, str],
    roles: Mapping[str, Mapping[str, str]],
    image: str,
) -> str:
    """Return the script.

    Args:
        values: what replaces `@NAME@`, by name.
        environment: what both containers see besides the secrets.
        roles: variables of the systemd unit, by role.
        image: what runs until CodeDeploy has handed the instance a release.

    Raises:
        KeyError: a file holds a placeholder that has no value.
    """
    parts = ["#!/bin/bash", "set -euo pipefail", "mkdir -p /etc/sentiment"]
    for name, (place, mode) in _PLACES.items():
        parts += _file(place, filled(name, values), mode)
    parts += _file("/etc/sentiment/environment", _lines(environment), "0644")
    parts += _file("/etc/sentiment/release.env", _lines({"IMAGE": image}), "0644")
    for role, variables in roles.items():
        parts += _file(f"/etc/sentiment/{role}.env", _lines(variables), "0644")
    return "\n".join([*parts, filled("start.sh", values)])


def filled(name: str, values: Mapping[str, str]) -> str:
    """Return the text of a file of `on_instance/`, each `@NAME@` replaced.

    Raises:
        KeyError: it holds a placeholder that has no value.
    """
    text = (FOLDER / name).read_text(encoding="utf-8")
    return _PLACEHOLDER.sub(lambda found: values[found[1]], text)


def _lines(variables: Mapping[str, str]) -> str:
    return "".join(f"{name}={value}\n" for name, value in variables.items())


def _file(place: str, text: str, mode: str) -> list[str]:
    # Quoted, so that the shell expands nothing of the file.
    return [
        f"cat >'{place}' <<'{_END}'",
        text.rstrip("\n"),
        _END,
        f"chmod {mode} '{place}'",
    ]
