"""Least privilege: what roles may do, and on what."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from infra.queue_rights import INSTANCE, POLLER
from infra.tests.conftest import Built, Resource

# Actions for which IAM knows no resource, or none that has a name before the call; each is held
# to its purpose by a condition where IAM offers one.
ANY_RESOURCE = {
    "autoscaling:DescribeAutoScalingGroups",
    "cloudwatch:PutMetricData",
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:CreateTags",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:DescribeTags",
    "ec2:RunInstances",
    "ec2:UnassignPrivateIpAddresses",
    "ecr:GetAuthorizationToken",
    "ssm:UpdateInstanceInformation",
    "ssmmessages:CreateControlChannel",
    "ssmmessages:CreateDataChannel",
    "ssmmessages:OpenControlChannel",
    "ssmmessages:OpenDataChannel",
}
CONDITIONED = {"cloudwatch:PutMetricData", "ec2:CreateTags", "ec2:RunInstances"}
MANAGED = {
    "service-role/AWSCodeDeployRole",
    "service-role/AmazonAPIGatewayPushToCloudWatchLogs",
}


def statements(built: Built) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield what roles are allowed; key policies name their own key and are left out."""
    for place, policy in built.every("AWS::IAM::Policy"):
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]:
            yield place, statement
    for place, role in built.every("AWS::IAM::Role"):
        for policy in role["Properties"].get("Policies", []):
            for statement in policy["PolicyDocument"]["Statement"]:
                yield place, statement


def listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]


def test_no_action_is_a_wildcard(built: Built) -> None:
    found = list(statements(built))
    assert len(found) > 50
    wide = [
        (place, action)
        for place, statement in found
        for action in listed(statement["Action"])
        if "*" in action
    ]
    assert wide == []


def test_any_resource_only_where_iam_knows_no_other(built: Built) -> None:
    used: set[str] = set()
    for place, statement in statements(built):
        if "*" in listed(statement["Resource"]):
            actions = set(listed(statement["Action"]))
            assert actions <= ANY_RESOURCE, place
            if actions & CONDITIONED:
                assert statement["Condition"], place
            used |= actions
    assert used == ANY_RESOURCE


@pytest.mark.parametrize("stage", ["Staging", "Production"])
@pytest.mark.parametrize(("part", "wanted"), [("Poller", POLLER), ("Service", INSTANCE)])
def test_queues_may_be_asked_for_what_the_programs_ask(
    built: Built, stage: str, part: str, wanted: dict[str, tuple[str, ...]]
) -> None:
    found: dict[str, set[str]] = {}
    for place, statement in statements(built):
        if not place.startswith(f"Sentiment-{stage}-{part}/"):
            continue
        actions = {one for one in listed(statement["Action"]) if one.startswith("sqs:")}
        for resource in listed(statement["Resource"]) if actions else []:
            (queue,) = [name for name in wanted if f"GetAtt{name.title()}" in json.dumps(resource)]
            found.setdefault(queue, set()).update(actions)
    assert found == {queue: set(actions) for queue, actions in wanted.items()}


def test_roles_are_passed_to_one_service_each(built: Built) -> None:
    for place, statement in statements(built):
        if "iam:PassRole" in listed(statement["Action"]):
            assert "*" not in listed(statement["Resource"]), place


def test_amazon_s_own_policies_are_named(built: Built) -> None:
    for place, role in built.every("AWS::IAM::Role"):
        for arn in role["Properties"].get("ManagedPolicyArns", []):
            assert _tail(arn) in MANAGED, place


def test_no_users_and_no_long_lived_keys(built: Built) -> None:
    kinds = {resource["Type"] for _, resource in built.every()}
    assert not {kind for kind in kinds if kind in ("AWS::IAM::User", "AWS::IAM::AccessKey")}


def _tail(arn: Resource | str) -> str:
    text = (
        arn
        if isinstance(arn, str)
        else "".join(part for part in arn["Fn::Join"][1] if isinstance(part, str))
    )
    return text.split(":policy/")[1]
