"""The training on AWS as docs/deploy.md shows it, beside stand-ins of the machine's programs."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import typer

from sentiment.cli.main import app
from tests.delivery.dockerfile import read_dockerfile
from tests.serving.running import REPOSITORY

USER = read_dockerfile(REPOSITORY / "deploy" / "train" / "Dockerfile")[-1].last("USER").value
OF_IMAGE = ("python", "accelerate")
"""Programs of the image; `sentiment` is none, because the project is not installed in it."""

CLONE = "git clone ADDRESS-OF-THIS-REPOSITORY /srv/training/repository"
STAND_INS = {
    # What a clone by root leaves belongs to root.
    "git": 'mkdir -p "$TOP/repository"; touch "$TOP/repository/is-root-s"',
    "chown": '[[ $2 == "$USER_OF_IMAGE" ]] && rm "$TOP/repository/is-root-s"',
    "in-image": "[[ -d $TOP/repository && ! -e $TOP/repository/is-root-s ]] || exit 13",
    "keep-runs": "true",
    "poweroff": "true",
}


def documented_block() -> str:
    """Return the lines that are to be run on the machine."""
    text = (REPOSITORY / "docs" / "deploy.md").read_text(encoding="utf-8")
    return text[text.index(CLONE) :].split("```")[0]


def test_the_documented_training_runs(tmp_path: Path) -> None:
    for name, body in STAND_INS.items():
        (tmp_path / name).write_text(f'#!/bin/bash\necho "{name} $*" >>"$TOP/called"\n{body}\n')
        (tmp_path / name).chmod(0o755)
    done = subprocess.run(
        ["bash", "-e"],
        input=documented_block(),
        env={
            "PATH": f"{tmp_path}:/usr/bin:/bin",
            "TOP": str(tmp_path),
            "USER_OF_IMAGE": USER,
        },
        text=True,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    called = (tmp_path / "called").read_text().splitlines()
    assert called[-2:] == ["keep-runs ", "poweroff "]
    for call in called:
        if not call.startswith("in-image"):
            continue
        _, program, *words = call.split()
        assert program in OF_IMAGE, call
        assert (REPOSITORY / words[words.index("--config") + 1]).is_file()
        if words[:2] == ["-m", "sentiment.cli.main"]:
            command = typer.main.get_command(app).commands[words[2]]  # type: ignore[attr-defined]
            # Fails on what is unknown or missing, and calls nothing.
            command.make_context(words[2], words[3:])


def test_the_machine_leaves_its_folder_to_the_image_s_user() -> None:
    script = (REPOSITORY / "infra" / "on_instance" / "training.sh").read_text(encoding="utf-8")
    assert f"chown -R {USER} /srv/training\n" in script
    assert "--workdir /srv/training/repository" in script


def test_an_operator_who_is_root_by_sudo_finds_its_programs() -> None:
    script = (REPOSITORY / "infra" / "on_instance" / "training.sh").read_text(encoding="utf-8")
    put = re.findall(r"^cat >/usr/bin/(\S+) <<", script, flags=re.MULTILINE)
    assert put == ["in-image", "keep-runs"]
    assert "chmod +x /usr/bin/in-image /usr/bin/keep-runs\n" in script


def test_what_was_trained_is_kept_with_the_runs() -> None:
    script = (REPOSITORY / "infra" / "on_instance" / "training.sh").read_text(encoding="utf-8")
    assert "aws s3 sync /srv/training/repository/outputs 's3://@BUCKET@/outputs'" in script
