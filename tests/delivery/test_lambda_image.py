"""How the functions' image is built, wherever that is written down."""

from __future__ import annotations

import re
import subprocess

from tests.serving.running import REPOSITORY


def builds_of(dockerfile: str) -> list[tuple[str, str]]:
    """Return every `docker build` of a Dockerfile in the tracked files, with its place."""
    listed = subprocess.run(
        ["git", "ls-files", "*.md", "*.sh", "*.yml", "*Dockerfile"],
        cwd=REPOSITORY, check=True, capture_output=True, text=True,
    ).stdout.split()  # fmt: skip
    found = []
    for name in listed:
        # A command may go on in the next line, of a comment too.
        text = re.sub(r"\\\n[# ]*", "", (REPOSITORY / name).read_text(encoding="utf-8"))
        commands = re.findall(r"docker (?:buildx )?build [^\n`]*", text)
        found += [(name, command) for command in commands if dockerfile in command]
    return found


def test_every_build_makes_what_lambda_takes() -> None:
    builds = builds_of("deploy/lambda/Dockerfile")
    assert {place for place, _ in builds} >= {"deploy/lambda/Dockerfile", "docs/deploy.md"}
    for place, command in builds:
        # With attestations buildx makes an index, and Lambda refuses one.
        for flag in ("--provenance=false", "--sbom=false", "--platform linux/arm64"):
            assert flag in command, place
