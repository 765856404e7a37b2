"""A CloudFormation custom resource: the deployment group, and the auto-scaling group that is live.

CodeDeploy copies the live group with each release and deletes the one before. So nothing here
remembers a name: every change first asks the deployment group which group is live. Runs in Lambda,
with what its Python brings along (boto3) and nothing else.
"""

from __future__ import annotations

import hashlib
import json
import time
import urllib.request
from collections.abc import Callable
from typing import Any

_UNDER_WAY = ["Created", "Queued", "InProgress", "Baking", "Ready"]
# A tag of the live group, which CodeDeploy copies with the rest: what it was last made to be.
_APPLIED = "sentiment:applied"
_POLL_S = 10.0
_LEAVE_S = 30.0


class FleetError(Exception):
    """Nothing was changed; the message says why, and CloudFormation shows it."""


def handle(event: dict[str, Any], context: Any) -> None:  # noqa: ANN401 - Lambda's context
    """Do what CloudFormation asks, and tell it how that ended: an untold end hangs a stack."""
    status, reason = "SUCCESS", ""
    name = event["ResourceProperties"]["Group"]
    try:
        fleet = Fleet(event["ResourceProperties"], *_clients())
        if event["RequestType"] == "Delete":
            patience_s = context.get_remaining_time_in_millis() / 1000 - _LEAVE_S
            fleet.remove(patience_s=patience_s)
        else:
            fleet.apply()
    except Exception as error:  # noqa: BLE001 - whatever it is, CloudFormation waits for an end
        status, reason = "FAILED", f"{type(error).__name__}: {error}"[:1000]
    print(json.dumps({"request": event["RequestType"], "status": status, "reason": reason}))  # noqa: T201
    _answer(event, status, reason, name)


class Fleet:
    """The deployment group and the live auto-scaling group.

    Args:
        wanted: properties of the resource; CloudFormation hands numbers over as strings.
        deploy: client of CodeDeploy.
        scaling: client of Auto Scaling.
        sleep: waits so many seconds; a test passes its own.
    """

    def __init__(
        self,
        wanted: dict[str, Any],
        deploy: Any,  # noqa: ANN401 - boto3 makes its clients at run time
        scaling: Any,  # noqa: ANN401
        *,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._wanted = wanted
        self._deploy = deploy
        self._scaling = scaling
        self._sleep = sleep
        self._place = {
            "applicationName": wanted["Application"],
            "deploymentGroupName": wanted["Group"],
        }

    def apply(self) -> None:
        """Make what is missing; change what is there. A second call changes nothing more.

        So a stack that rolls back, and asks for what is there, is not refused.

        Raises:
            FleetError: a deployment is under way; it works on both groups.
        """
        group = self._deployment_group()
        live = self._live(group)
        if group is not None:
            if live is not None and self._applied(live) == self._digest:
                return
            self._refuse_under_way()
        if live is None:
            live = self._wanted["FirstName"]
            if not self._exists(live):
                self._scaling.create_auto_scaling_group(
                    AutoScalingGroupName=live,
                    TargetGroupARNs=[self._wanted["TargetGroupArn"]],
                    Tags=[
                        {"Key": "Name", "Value": self._wanted["Group"], "PropagateAtLaunch": True}
                    ],
                    **self._shape(),
                )
        else:
            # Instances that run stay as they are: the next release launches by the new template.
            self._scaling.update_auto_scaling_group(AutoScalingGroupName=live, **self._shape())
        self._scaling.put_scaling_policy(
            AutoScalingGroupName=live,
            PolicyName="cpu",
            PolicyType="TargetTrackingScaling",
            TargetTrackingConfiguration={
                "PredefinedMetricSpecification": {
                    "PredefinedMetricType": "ASGAverageCPUUtilization"
                },
                "TargetValue": float(self._wanted["TargetCpuPercent"]),
            },
        )
        self._scaling.enable_metrics_collection(AutoScalingGroupName=live, Granularity="1Minute")
        if group is None:
            self._deploy.create_deployment_group(
                **self._place, autoScalingGroups=[live], **self._rules()
            )
        else:
            self._deploy.update_deployment_group(
                applicationName=self._wanted["Application"],
                currentDeploymentGroupName=self._wanted["Group"],
                autoScalingGroups=[live],
                **self._rules(),
            )
        self._scaling.create_or_update_tags(
            Tags=[
                {
                    "ResourceId": live,
                    "ResourceType": "auto-scaling-group",
                    "Key": _APPLIED,
                    "Value": self._digest,
                    "PropagateAtLaunch": False,
                }
            ]
        )

    def remove(self, *, patience_s: float) -> None:
        """Remove both groups and wait until no instance is left: its network could not go before.

        Args:
            patience_s: how long to wait.

        Raises:
            FleetError: a deployment is under way, or instances are still there.
        """
        group = self._deployment_group()
        live = self._live(group) or self._wanted["FirstName"]
        if group is not None:
            self._refuse_under_way()
            self._deploy.delete_deployment_group(**self._place)
        if self._exists(live):
            self._scaling.delete_auto_scaling_group(AutoScalingGroupName=live, ForceDelete=True)
        waited_s = 0.0
        while self._exists(live):
            if waited_s >= patience_s:
                raise FleetError(f"{live} still has instances; delete the stack once more.")
            self._sleep(_POLL_S)
            waited_s += _POLL_S

    def _deployment_group(self) -> dict[str, Any] | None:
        try:
            answer = self._deploy.get_deployment_group(**self._place)
        except self._deploy.exceptions.DeploymentGroupDoesNotExistException:
            return None
        found: dict[str, Any] = answer["deploymentGroupInfo"]
        return found

    def _live(self, group: dict[str, Any] | None) -> str | None:
        names = [found["name"] for found in (group or {}).get("autoScalingGroups", [])]
        return next((name for name in names if self._exists(name)), None)

    def _exists(self, name: str) -> bool:
        return self._scaling_group(name) is not None

    def _scaling_group(self, name: str) -> dict[str, Any] | None:
        answer = self._scaling.describe_auto_scaling_groups(AutoScalingGroupNames=[name])
        return next(iter(answer["AutoScalingGroups"]), None)

    def _applied(self, name: str) -> str | None:
        tags = (self._scaling_group(name) or {}).get("Tags", [])
        return next((tag["Value"] for tag in tags if tag["Key"] == _APPLIED), None)

    @property
    def _digest(self) -> str:
        said = json.dumps(self._wanted, sort_keys=True)
        return hashlib.sha256(said.encode()).hexdigest()

    def _refuse_under_way(self) -> None:
        answer = self._deploy.list_deployments(**self._place, includeOnlyStatuses=_UNDER_WAY)
        if answer["deployments"]:
            raise FleetError(
                f"Deployment {answer['deployments'][0]} is under way: wait until it has ended, "
                "the instances of before included, and deploy the stack once more."
            )

    def _shape(self) -> dict[str, Any]:
        wanted = self._wanted
        return {
            "MinSize": int(wanted["MinSize"]),
            "MaxSize": int(wanted["MaxSize"]),
            "VPCZoneIdentifier": ",".join(wanted["SubnetIds"]),
            "HealthCheckType": "ELB",
            "HealthCheckGracePeriod": int(wanted["GraceS"]),
            "LaunchTemplate": {
                "LaunchTemplateId": wanted["LaunchTemplateId"],
                "Version": wanted["LaunchTemplateVersion"],
            },
        }

    def _rules(self) -> dict[str, Any]:
        wanted = self._wanted
        return {
            "serviceRoleArn": wanted["ServiceRoleArn"],
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
                    "terminationWaitTimeInMinutes": int(wanted["KeepBlueMinutes"]),
                },
            },
            "loadBalancerInfo": {"targetGroupInfoList": [{"name": wanted["TargetGroupName"]}]},
            "alarmConfiguration": {
                "enabled": True,
                "ignorePollAlarmFailure": False,
                "alarms": [{"name": name} for name in wanted["AlarmNames"]],
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
                    "triggerTargetArn": wanted["TopicArn"],
                    "triggerEvents": [
                        "DeploymentFailure",
                        "DeploymentStop",
                        "DeploymentRollback",
                    ],
                }
            ],
            "outdatedInstancesStrategy": "UPDATE",
        }


def _clients() -> tuple[Any, Any]:
    import boto3  # type: ignore[import-untyped]  # noqa: PLC0415 - Lambda brings it; the tests of `Fleet` make their own clients

    return boto3.client("codedeploy"), boto3.client("autoscaling")


def _answer(event: dict[str, Any], status: str, reason: str, name: str) -> None:
    body = {
        "Status": status,
        "Reason": reason or "done",
        "PhysicalResourceId": event.get("PhysicalResourceId", name),
        "StackId": event["StackId"],
        "RequestId": event["RequestId"],
        "LogicalResourceId": event["LogicalResourceId"],
    }
    request = urllib.request.Request(  # noqa: S310 - CloudFormation's own address
        event["ResponseURL"],
        data=json.dumps(body).encode(),
        method="PUT",
        headers={"Content-Type": ""},
    )
    with urllib.request.urlopen(request, timeout=30):  # noqa: S310
        pass
