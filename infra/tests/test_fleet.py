"""The custom resource against botocore's own models of CodeDeploy and Auto Scaling.

The stand-in answers what AWS would and refuses, as botocore does, a parameter that the API does not
know; the calls come in the order in which a fleet lives: made, released, changed, removed.
"""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Iterator

import pytest
from botocore.exceptions import ClientError  # type: ignore[import-untyped]

from infra.fleet_handler import index
from infra.tests.stubbed_aws import FIRST, PLACE, RELEASED, WANTED, Aws


@pytest.fixture
def aws() -> Iterator[Aws]:
    made = Aws()
    with made.on_deploy, made.on_scaling:
        yield made
    made.on_deploy.assert_no_pending_responses()
    made.on_scaling.assert_no_pending_responses()


RULES = {
    "serviceRoleArn": WANTED["ServiceRoleArn"],
    "deploymentConfigName": "CodeDeployDefault.AllAtOnce",
    "deploymentStyle": {
        "deploymentType": "BLUE_GREEN",
        "deploymentOption": "WITH_TRAFFIC_CONTROL",
    },
    "blueGreenDeploymentConfiguration": {
        "greenFleetProvisioningOption": {"action": "COPY_AUTO_SCALING_GROUP"},
        "deploymentReadyOption": {"actionOnTimeout": "CONTINUE_DEPLOYMENT"},
        "terminateBlueInstancesOnDeploymentSuccess": {
            "action": "TERMINATE",
            "terminationWaitTimeInMinutes": 5,
        },
    },
    "loadBalancerInfo": {"targetGroupInfoList": [{"name": "sentiment-staging-service"}]},
    "alarmConfiguration": {
        "enabled": True,
        "ignorePollAlarmFailure": False,
        "alarms": [{"name": "sentiment-staging-errors"}, {"name": "sentiment-staging-latency"}],
    },
    "autoRollbackConfiguration": {
        "enabled": True,
        "events": [
            "DEPLOYMENT_FAILURE",
            "DEPLOYMENT_STOP_ON_ALARM",
            "DEPLOYMENT_STOP_ON_REQUEST",
        ],
    },
    "triggerConfigurations": [
        {
            "triggerName": "alarms",
            "triggerTargetArn": WANTED["TopicArn"],
            "triggerEvents": ["DeploymentFailure", "DeploymentStop", "DeploymentRollback"],
        }
    ],
    "outdatedInstancesStrategy": "UPDATE",
}


def test_a_first_deployment_makes_both_groups(aws: Aws) -> None:
    aws.group()
    aws.exists(FIRST, there=False)
    aws.shaped(
        "create_auto_scaling_group",
        FIRST,
        TargetGroupARNs=[WANTED["TargetGroupArn"]],
        Tags=[{"Key": "Name", "Value": "sentiment-staging-service", "PropagateAtLaunch": True}],
    )
    aws.watched(FIRST)
    aws.on_deploy.add_response(
        "create_deployment_group", {}, {**PLACE, "autoScalingGroups": [FIRST], **RULES}
    )
    aws.marked(FIRST)
    aws.fleet().apply()


def test_one_that_was_cut_short_goes_on(aws: Aws) -> None:
    aws.group()
    aws.exists(FIRST)
    aws.watched(FIRST)
    aws.on_deploy.add_response(
        "create_deployment_group", {}, {**PLACE, "autoScalingGroups": [FIRST], **RULES}
    )
    aws.marked(FIRST)
    aws.fleet().apply()


def test_a_change_after_a_release_goes_to_the_group_that_is_live(aws: Aws) -> None:
    aws.group(RELEASED)
    aws.exists(RELEASED)
    aws.exists(RELEASED, applied="of before")
    aws.under_way()
    aws.shaped("update_auto_scaling_group", RELEASED)
    aws.watched(RELEASED)
    aws.on_deploy.add_response(
        "update_deployment_group",
        {},
        {
            "applicationName": "sentiment-staging",
            "currentDeploymentGroupName": "sentiment-staging-service",
            "autoScalingGroups": [RELEASED],
            **RULES,
        },
    )
    aws.marked(RELEASED)
    aws.fleet().apply()


def test_a_change_during_a_release_is_refused(aws: Aws) -> None:
    aws.group(RELEASED)
    aws.exists(RELEASED)
    aws.exists(RELEASED, applied="of before")
    aws.under_way("d-ABC")
    with pytest.raises(index.FleetError, match="Deployment d-ABC is under way"):
        aws.fleet().apply()


def test_a_stack_that_rolls_back_during_a_release_is_not_refused(aws: Aws) -> None:
    fleet = aws.fleet()
    aws.group(RELEASED)
    aws.exists(RELEASED)
    aws.exists(RELEASED, applied=fleet._digest)
    fleet.apply()


def test_any_change_of_what_is_wanted_changes_the_digest(aws: Aws) -> None:
    assert aws.fleet()._digest == aws.fleet()._digest
    assert aws.fleet()._digest != aws.fleet(TargetCpuPercent="50")._digest


def test_removal_waits_until_the_instances_are_gone(aws: Aws) -> None:
    aws.group(RELEASED)
    aws.exists(RELEASED)
    aws.under_way()
    aws.on_deploy.add_response("delete_deployment_group", {}, PLACE)
    aws.exists(RELEASED)
    aws.on_scaling.add_response(
        "delete_auto_scaling_group",
        {},
        {"AutoScalingGroupName": RELEASED, "ForceDelete": True},
    )
    aws.exists(RELEASED)
    aws.exists(RELEASED, there=False)
    aws.fleet().remove(patience_s=60)
    assert aws.slept == [10.0]


def test_removal_of_nothing_is_no_error(aws: Aws) -> None:
    aws.group()
    aws.exists(FIRST, there=False)
    aws.exists(FIRST, there=False)
    aws.fleet().remove(patience_s=60)


def test_removal_that_takes_too_long_says_so(aws: Aws) -> None:
    aws.group()
    aws.exists(FIRST)
    aws.on_scaling.add_response(
        "delete_auto_scaling_group", {}, {"AutoScalingGroupName": FIRST, "ForceDelete": True}
    )
    aws.exists(FIRST)
    with pytest.raises(index.FleetError, match="still has instances"):
        aws.fleet().remove(patience_s=0)


class Listener(http.server.BaseHTTPRequestHandler):
    """Stands for the address that CloudFormation waits at."""

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.told.append(json.loads(body))  # type: ignore[attr-defined]
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@pytest.mark.parametrize("fails", [False, True])
def test_cloudformation_is_told_the_end_whatever_it_is(
    monkeypatch: pytest.MonkeyPatch, *, fails: bool
) -> None:
    def apply(_self: index.Fleet) -> None:
        if fails:
            raise ClientError({"Error": {"Code": "Denied", "Message": "no"}}, "GetDeploymentGroup")

    monkeypatch.setattr(index.Fleet, "apply", apply)
    monkeypatch.setattr(index, "_clients", lambda: (None, None))
    with http.server.HTTPServer(("127.0.0.1", 0), Listener) as server:
        server.told = []  # type: ignore[attr-defined]
        serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        serving.start()
        try:
            index.handle(
                {
                    "RequestType": "Create",
                    "ResourceProperties": WANTED,
                    "ResponseURL": f"http://127.0.0.1:{server.server_port}/",
                    "StackId": "stack",
                    "RequestId": "request",
                    "LogicalResourceId": "Live",
                },
                None,
            )
        finally:
            server.shutdown()
            serving.join()
    (told,) = server.told  # type: ignore[attr-defined]
    assert told["Status"] == ("FAILED" if fails else "SUCCESS")
    assert told["PhysicalResourceId"] == "sentiment-staging-service"
    assert ("Denied" in told["Reason"]) == fails
