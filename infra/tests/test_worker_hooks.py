"""The worker follows the traffic: the hooks that start and end it, with a stand-in of systemd."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
import yaml

HOOKS = Path(__file__).resolve().parents[1] / "codedeploy"
BOOT = Path(__file__).resolve().parents[1] / "on_instance/start.sh"

SYSTEMCTL = r"""#!/bin/bash
echo "$*" >>"$NOTES/asked"
case "$1" in
  is-active) [[ $ACTIVE == yes ]] ;;
  show)
    echo >>"$NOTES/shown"
    (($(wc -l <"$NOTES/shown") < 3)) && echo 0 || echo "${RESTARTS:-0}"
    ;;
esac
"""


def run(hook: str, folder: Path, **variables: str) -> tuple[int, str, list[str]]:
    """Return the exit code, what was said on stderr, and what systemd was asked."""
    tool = folder / "systemctl"
    tool.write_text(SYSTEMCTL)
    tool.chmod(0o755)
    done = subprocess.run(
        ["bash", str(HOOKS / hook)],
        env={
            "PATH": f"{folder}:/usr/bin:/bin",
            "NOTES": str(folder),
            "ACTIVE": "yes",
            "SETTLE_S": "1",
            "POLL_S": "0.1",
            **variables,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stderr, (folder / "asked").read_text().splitlines()


def test_a_worker_that_stays_up_is_started_and_comes_again_at_each_boot(tmp_path: Path) -> None:
    code, _, asked = run("start_worker.sh", tmp_path)
    assert code == 0
    assert "enable sentiment@worker" in asked
    assert "restart sentiment@worker" in asked


@pytest.mark.parametrize("how", [{"RESTARTS": "1"}, {"ACTIVE": "no"}])
def test_a_worker_that_does_not_stay_up_fails_the_release(
    tmp_path: Path, how: dict[str, str]
) -> None:
    code, said, _ = run("start_worker.sh", tmp_path, **how)
    assert code == 1
    assert "does not stay up" in said


def test_a_worker_ends_for_good_with_the_traffic(tmp_path: Path) -> None:
    assert run("stop_worker.sh", tmp_path)[2] == ["disable --now sentiment@worker"]


def test_a_release_starts_the_service_and_leaves_the_worker_to_the_traffic(tmp_path: Path) -> None:
    _, _, asked = run("start.sh", tmp_path)
    assert "restart sentiment@serve" in asked
    assert not [call for call in asked if "worker" in call]
    hooks = yaml.safe_load((HOOKS / "appspec.yml").read_text())["hooks"]
    of_workers = {event: hook["location"] for event, (hook,) in hooks.items()}
    assert of_workers["AfterAllowTraffic"] == "start_worker.sh"
    assert of_workers["AfterBlockTraffic"] == "stop_worker.sh"


def test_the_first_boot_starts_no_worker() -> None:
    commands = [line for line in BOOT.read_text().splitlines() if line.startswith("systemctl")]
    assert [line for line in commands if "sentiment@serve" in line]
    assert not [line for line in commands if "worker" in line]
