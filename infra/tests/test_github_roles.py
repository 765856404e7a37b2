"""`infra/github_roles.sh` with a stand-in of AWS: the roles do for what the workflow runs."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

REPOSITORY = Path(__file__).resolve().parents[2]
SCRIPT = REPOSITORY / "infra/github_roles.sh"
RUN = [
    *(REPOSITORY / ".github/scripts").glob("*_stage.sh"),
    *(REPOSITORY / ".github/scripts" / name for name in ("copy_image.sh", "roll_back.sh")),
    REPOSITORY / "infra/release.sh",
]
"""What calls AWS's command line in the workflow's jobs."""

AWS = r"""#!/bin/bash
printf '%s\0' "$@" >>"$NOTES/asked"; printf '\n\0' >>"$NOTES/asked"
case "$*" in
  *get-caller-identity*) echo 111122223333 ;;
  *describe-stacks*) echo "${BUCKET-a-bucket}" ;;
  *"iam get-role "* | *get-open-id*) [[ -n ${THERE:-} ]] ;;
esac
"""
PULL = {"ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:BatchCheckLayerAvailability"}
PUSH = PULL | {"ecr:InitiateLayerUpload", "ecr:UploadLayerPart", "ecr:CompleteLayerUpload"}
NEEDED = {
    "cloudformation describe-stacks": {"cloudformation:DescribeStacks"},
    # Then the image is copied.
    "ecr get-login-password": {"ecr:GetAuthorizationToken", "ecr:PutImage", *PUSH},
    "ecr describe-images": {"ecr:DescribeImages"},
    "deploy push": {"s3:PutObject", "codedeploy:RegisterApplicationRevision"},
    "deploy create-deployment": {
        "codedeploy:CreateDeployment",
        "codedeploy:GetApplicationRevision",
        "codedeploy:GetDeploymentConfig",
    },
    "deploy get-deployment": {"codedeploy:GetDeployment"},
    "deploy list-deployments": {"codedeploy:ListDeployments"},
    "deploy list-deployment-targets": {"codedeploy:ListDeploymentTargets"},
    "deploy batch-get-deployment-targets": {"codedeploy:BatchGetDeploymentTargets"},
    "deploy stop-deployment": {"codedeploy:StopDeployment"},
}
"""What IAM wants for a command."""


def made(folder: Path, stage: str, **variables: str) -> tuple[str, list[list[str]]]:
    """Run the script; return what it printed and the calls."""
    (folder / "aws").write_text(AWS)
    (folder / "aws").chmod(0o755)
    done = subprocess.run(
        ["bash", str(SCRIPT), stage, "Example/Sentiment"],
        env={
            "PATH": f"{folder}:/usr/bin:/bin",
            "NOTES": str(folder),
            "AWS_REGION": "eu-central-1",
            **variables,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == int(variables.get("BUCKET") == "None"), done.stderr
    calls = (folder / "asked").read_text().split("\n\0")
    return done.stdout + done.stderr, [call.rstrip("\0").split("\0") for call in calls if call]


def option(calls: list[list[str]], command: str, name: str) -> list[str]:
    """Return an option's value in every call of a command."""
    return [call[call.index(name) + 1] for call in calls if call[1] == command]


@pytest.mark.parametrize("there", ["", "1"])
def test_roles_trust_one_environment_each_for_as_long_as_the_job_asks(
    tmp_path: Path, there: str
) -> None:
    said, calls = made(tmp_path, "production", THERE=there)
    assert said.splitlines() == [
        "production: arn:aws:iam::111122223333:role/sentiment-production-deploy",
        "production-diff: arn:aws:iam::111122223333:role/sentiment-production-diff",
    ]
    command = "update-role" if there else "create-role"
    workflow = yaml.safe_load((REPOSITORY / ".github/workflows/deploy_stage.yml").read_text())
    (asked_s,) = [
        step["with"]["role-duration-seconds"]
        for step in workflow["jobs"]["deploy"]["steps"]
        if "configure-aws-credentials" in step.get("uses", "")
    ]
    assert option(calls, command, "--max-session-duration") == [str(asked_s)] * 2
    trusts = (
        option(calls, "update-assume-role-policy", "--policy-document")
        if there
        else option(calls, "create-role", "--assume-role-policy-document")
    )
    subjects = [
        statement["Condition"]["StringEquals"]["token.actions.githubusercontent.com:sub"]
        for trust in trusts
        for statement in json.loads(trust)["Statement"]
    ]
    assert subjects == [
        "repo:Example/Sentiment:environment:production",
        "repo:Example/Sentiment:environment:production-diff",
    ]


def test_the_role_may_do_what_the_scripts_do(tmp_path: Path) -> None:
    _, calls = made(tmp_path, "staging")
    (policy,) = option(calls, "put-role-policy", "--policy-document")
    allowed = {
        action
        for statement in json.loads(policy)["Statement"]
        for action in _listed(statement["Action"])
    }
    run = {
        f"{service} {command}"
        for script in RUN
        for service, command in re.findall(r"\baws ([a-z]+) ([a-z-]+)", script.read_text())
    }
    assert run == set(NEEDED)
    # Besides, the CDK's command takes roles of its own.
    assert allowed == {"sts:AssumeRole"}.union(*NEEDED.values())


def test_what_is_shown_before_an_approval_only_reads(tmp_path: Path) -> None:
    _, calls = made(tmp_path, "production")
    _, policy = option(calls, "put-role-policy", "--policy-document")
    (statement,) = json.loads(policy)["Statement"]
    assert statement["Action"] == "sts:AssumeRole"
    assert ":role/cdk-*-lookup-role-" in statement["Resource"]
    assert "--method=template" in (REPOSITORY / ".github/scripts/infra.sh").read_text()


def test_a_stage_that_is_not_deployed_is_named(tmp_path: Path) -> None:
    said, calls = made(tmp_path, "staging", BUCKET="None")
    assert "Sentiment-Staging-Service" in said
    assert not [call for call in calls if call[0] == "iam"]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
