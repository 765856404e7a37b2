"""`infra/release.sh` with a stand-in of the AWS command line that notes what it was asked."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from infra.tests.conftest import Built

SCRIPT = Path(__file__).resolve().parents[1] / "release.sh"
IMAGE = "111122223333.dkr.ecr.eu-central-1.amazonaws.com/sentiment-staging/serving@sha256:abc"

AWS = r"""#!/bin/bash
echo "$*" >>"$NOTES/asked"
case "$*" in
  *RevisionBucket*) echo "${BUCKET-a-bucket}" ;;
  *ApplicationName*) echo sentiment-staging ;;
  *DeploymentGroup*) echo sentiment-staging-service ;;
  "deploy push"*) cp -r "$(sed 's/.*--source \([^ ]*\).*/\1/' <<<"$*")" "$NOTES/revision" ;;
  "deploy create-deployment"*) echo d-ABC ;;
  *errorInformation*) echo '{"code": "ALARM_ACTIVE"}' ;;
  *list-deployment-targets*) sed 's/.*TargetInstanceLabel=\([A-Z]\)[a-z]*.*/i-\1/' <<<"$*" ;;
  *batch-get-deployment-targets*) "$PYTHON" "$NOTES/targets.py" "$@" ;;
  *deploymentInfo.status*)
    echo >>"$NOTES/polls"
    (($(wc -l <"$NOTES/polls") < 3)) && echo InProgress || echo "${END-Succeeded}"
    ;;
esac
"""

TARGETS = """
import json, sys
from pathlib import Path

import jmespath

notes = Path(__file__).parent
poll = len((notes / "polls").read_text())
(name,) = sys.argv[sys.argv.index("--target-ids") + 1 : sys.argv.index("--output")]
told = json.loads((notes / "targets.json").read_text())[name]
events = [{"lifecycleEventName": event, "status": status}
          for event, status in told[min(poll, len(told)) - 1].items()]
answer = {"deploymentTargets": [{"instanceTarget": {"lifecycleEvents": events or None}}]}
print(jmespath.search(sys.argv[sys.argv.index("--query") + 1], answer))
"""
"""Answers for the targets as `targets.json` has them at each poll, through the real query."""


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    (tmp_path / "bin").mkdir()
    aws = tmp_path / "bin/aws"
    aws.write_text(AWS)
    aws.chmod(0o755)
    (tmp_path / "targets.py").write_text(TARGETS)
    (tmp_path / "targets.json").write_text('{"i-G": [{}], "i-B": [{}]}')
    return tmp_path


def _release(notes: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", str(SCRIPT), *arguments],
        env={
            "PATH": f"{notes}/bin:/usr/bin:/bin",
            "NOTES": str(notes),
            "POLL_S": "0",
            "PYTHON": sys.executable,
            "TMPDIR": os.environ.get("TMPDIR", "/tmp"),
            **more,
        },
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_release_is_pushed_deployed_and_waited_for(notes: Path) -> None:
    done = _release(notes, "staging", IMAGE, "digest1")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["deployment: d-ABC", f"released: {IMAGE}"]
    revision = notes / "revision"
    assert {path.name for path in revision.iterdir()} == {
        *(path.name for path in SCRIPT.with_name("codedeploy").iterdir()),
        "release.env",
    }
    assert (revision / "release.env").read_text() == f"IMAGE={IMAGE}\nMODEL_DIGEST=digest1\n"
    assert "Sentiment-Staging-Service" in (notes / "asked").read_text()


def test_a_release_is_done_once_all_traffic_has_moved(notes: Path) -> None:
    """CodeDeploy's own end comes `keep_blue_minutes` later, when there is nothing to go back to."""
    waits, done = {"AllowTraffic": "InProgress"}, {"AfterAllowTraffic": "Succeeded"}
    blocked = [{"BlockTraffic": "Succeeded"}, {"AfterBlockTraffic": "Skipped"}]
    targets = {"i-G": [{}, waits, done], "i-B": [{}, {}, {}, *blocked]}
    (notes / "targets.json").write_text(json.dumps(targets))
    ended = _release(notes, "staging", IMAGE, END="InProgress", GITHUB_OUTPUT=str(notes / "output"))
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.splitlines()[-1] == f"released: {IMAGE}"
    assert len((notes / "polls").read_text().splitlines()) == 5
    assert (notes / "output").read_text() == "deployment=d-ABC\n"


def test_a_release_that_is_rolled_back_ends_in_1_and_says_why(notes: Path) -> None:
    done = _release(notes, "staging", IMAGE, END="Stopped")
    assert done.returncode == 1
    assert "d-ABC: Stopped" in done.stderr
    assert "ALARM_ACTIVE" in done.stderr


def test_a_stage_that_is_not_deployed_is_named(notes: Path) -> None:
    done = _release(notes, "production", IMAGE, BUCKET="None")
    assert done.returncode == 1
    assert "Sentiment-Production-Service" in done.stderr


@pytest.mark.parametrize("arguments", [(), ("staging",), ("staging", IMAGE, "digest", "more")])
def test_wrong_arguments_show_how(notes: Path, arguments: tuple[str, ...]) -> None:
    done = _release(notes, *arguments)
    assert done.returncode == 2
    assert "infra/release.sh STAGE IMAGE" in done.stderr
    assert not (notes / "asked").exists()


def test_the_outputs_that_it_reads_are_the_stack_s(built: Built) -> None:
    path = built.folder / "Sentiment-Staging-Service.template.json"
    outputs = json.loads(path.read_text())["Outputs"]
    asked = {name.split(")")[0] for name in SCRIPT.read_text().split("$(output ")[1:]}
    assert len(asked) == 3
    assert asked <= set(outputs)
