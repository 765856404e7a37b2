"""The checks themselves: cdk-nag is clean and finds what is planted; cfn-lint; the snapshot."""

from __future__ import annotations

import json
import os
from pathlib import Path

import aws_cdk as cdk
import pytest
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sqs as sqs
from cfnlint.api import lint_by_config  # type: ignore[import-untyped]
from cfnlint.config import ManualArgs  # type: ignore[import-untyped]

from infra.app import FLAGS, build_app
from infra.tests.conftest import Built

SNAPSHOT = Path(__file__).with_name("snapshot.json")
# CDK writes down dependencies that references imply already.
IGNORED = ["W3005"]


def test_cdk_nag_reports_nothing_open(built: Built) -> None:
    report = json.loads((built.folder / "validation-report.json").read_text(encoding="utf-8"))
    assert report["pluginReports"] == []


def test_cdk_nag_stops_a_finding_planted_in_the_app(tmp_path: Path) -> None:
    app = cdk.App(outdir=str(tmp_path), context={**FLAGS, "stage": "staging"})
    s3.Bucket(build_app(app)["staging"][0], "Open")
    with pytest.raises(RuntimeError, match=r"(?s)ValidationFailed.*AwsSolutions-S10"):
        app.synth()


def test_cfn_lint_finds_nothing(built: Built) -> None:
    assert _lint(built.folder) == []


def test_cfn_lint_finds_what_is_planted(tmp_path: Path) -> None:
    app = cdk.App(outdir=str(tmp_path))
    queue = sqs.CfnQueue(cdk.Stack(app, "Planted"), "Queue")
    queue.add_property_override("VisibilityTimeout", 99_999)
    app.synth()
    assert any("99999" in problem for problem in _lint(tmp_path))


def test_resources_are_those_of_the_snapshot(built: Built) -> None:
    """A resource that is renamed is replaced: see that it may be, then `UPDATE_SNAPSHOT=1`."""
    found = {
        stack: {
            name: resource["Type"]
            for name, resource in sorted(built.resources(stack).items())
            # Named after what the API says, so that each change of it makes a new one.
            if resource["Type"] != "AWS::ApiGateway::Deployment"
        }
        for stack in sorted(built.stacks)
    }
    if os.environ.get("UPDATE_SNAPSHOT"):
        SNAPSHOT.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    assert found == json.loads(SNAPSHOT.read_text(encoding="utf-8"))


def _lint(folder: Path) -> list[str]:
    templates = [str(path) for path in sorted(folder.glob("*.template.json"))]
    assert templates
    found = lint_by_config(
        ManualArgs(templates=templates, ignore_checks=IGNORED, regions=["eu-central-1"])
    )
    return [f"{Path(match.filename).name}: {match.rule.id} {match.message}" for match in found]
