"""What the pages have an operator run on an instance of AWS is there."""

from __future__ import annotations

import re

from handbook.shell import commands_of
from tests.serving.running import REPOSITORY

USER_DATA = (REPOSITORY / "infra" / "user_data.py").read_text(encoding="utf-8")
FIRST_BOOT = (REPOSITORY / "infra" / "on_instance" / "start.sh").read_text(encoding="utf-8")
# `sudo -i` is read as its option.
OF_AMAZON = {"-i", "aws", "cat", "curl", "journalctl", "systemctl"}
_SHOWN = re.compile(r"\bon an instance:\n+( *)```\n(.*?)^\1```", re.MULTILINE | re.DOTALL)


def test_commands_on_an_instance_use_what_is_there() -> None:
    installed = re.findall(r"^dnf install (.*)$", FIRST_BOOT, flags=re.MULTILINE)
    put = set(re.findall(r'"/usr/local/bin/([\w-]+)"', USER_DATA))
    there = OF_AMAZON | put | {word for line in installed for word in line.split()}
    shown = {}
    for page in ("deploy.md", "runbook.md"):
        text = (REPOSITORY / "docs" / page).read_text(encoding="utf-8")
        lines = [line for _, body in _SHOWN.findall(text) for line in body.splitlines()]
        shown[page] = [words for line in lines for words in commands_of(line.strip())]
    assert ("sentiment", "stream", "watch", "VIDEO-ID") in shown["deploy.md"]
    assert ("sentiment", "stream", "status") in shown["runbook.md"]
    for page, commands in shown.items():
        assert [words for words in commands if words[0] not in there] == [], page


def test_the_command_line_there_is_that_of_a_container_which_runs() -> None:
    called = (REPOSITORY / "infra" / "on_instance" / "sentiment.sh").read_text(encoding="utf-8")
    found = re.search(r"docker exec --interactive (\S+) python -m (\S+)", called)
    assert found is not None
    container, module = found.groups()
    unit = (REPOSITORY / "infra" / "on_instance" / "sentiment@.service").read_text()
    assert f"--name {container.replace('serve', '%i')} " in unit
    assert f"-m {module} " in unit
    assert "sentiment@serve" in FIRST_BOOT
