"""Stand-ins of CodeDeploy and Auto Scaling, built on botocore's own models of both."""

from __future__ import annotations

from typing import Any

import boto3  # type: ignore[import-untyped]
from botocore.stub import ANY, Stubber  # type: ignore[import-untyped]

from infra.fleet_handler import index

WANTED: dict[str, Any] = {
    "ServiceToken": "arn:aws:lambda:eu-central-1:111122223333:function:fleet",
    "Application": "sentiment-staging",
    "Group": "sentiment-staging-service",
    "ServiceRoleArn": "arn:aws:iam::111122223333:role/deploy",
    "TargetGroupName": "sentiment-staging-service",
    "TargetGroupArn": "arn:aws:elasticloadbalancing:eu-central-1:111122223333:targetgroup/t/1",
    "AlarmNames": ["sentiment-staging-errors", "sentiment-staging-latency"],
    "TopicArn": "arn:aws:sns:eu-central-1:111122223333:sentiment-staging-alarms",
    "KeepBlueMinutes": "5",
    "FirstName": "sentiment-staging-first",
    "LaunchTemplateId": "lt-0123456789abcdef0",
    "LaunchTemplateVersion": "3",
    "SubnetIds": ["subnet-a", "subnet-b"],
    "MinSize": "1",
    "MaxSize": "2",
    "TargetCpuPercent": "60",
    "GraceS": "600",
}
FIRST = "sentiment-staging-first"
RELEASED = "CodeDeploy_sentiment-staging-service_d-ABC"
PLACE = {
    "applicationName": "sentiment-staging",
    "deploymentGroupName": "sentiment-staging-service",
}


class Aws:
    """Both clients, stubbed, and a fleet that uses them."""

    def __init__(self) -> None:
        keys = {"aws_access_key_id": "x", "aws_secret_access_key": "x"}
        self.deploy = boto3.client("codedeploy", region_name="eu-central-1", **keys)
        self.scaling = boto3.client("autoscaling", region_name="eu-central-1", **keys)
        self.on_deploy, self.on_scaling = Stubber(self.deploy), Stubber(self.scaling)
        self.slept: list[float] = []

    def fleet(self, **changed: object) -> index.Fleet:
        return index.Fleet(
            {**WANTED, **changed}, self.deploy, self.scaling, sleep=self.slept.append
        )

    def group(self, *live: str) -> None:
        """Expect the question for the deployment group; without a name there is none."""
        if not live:
            self.on_deploy.add_client_error(
                "get_deployment_group",
                "DeploymentGroupDoesNotExistException",
                expected_params=PLACE,
            )
            return
        said = {"deploymentGroupInfo": {"autoScalingGroups": [{"name": name} for name in live]}}
        self.on_deploy.add_response("get_deployment_group", said, PLACE)

    def exists(self, name: str, *, there: bool = True, applied: str | None = None) -> None:
        group = {
            "AutoScalingGroupName": name,
            "MinSize": 1,
            "MaxSize": 2,
            "DesiredCapacity": 1,
            "DefaultCooldown": 300,
            "AvailabilityZones": ["eu-central-1a"],
            "HealthCheckType": "ELB",
            "CreatedTime": 0,
            "Tags": [{"Key": "sentiment:applied", "Value": applied}] if applied else [],
        }
        self.on_scaling.add_response(
            "describe_auto_scaling_groups",
            {"AutoScalingGroups": [group] if there else []},
            {"AutoScalingGroupNames": [name]},
        )

    def under_way(self, *deployments: str) -> None:
        self.on_deploy.add_response(
            "list_deployments",
            {"deployments": list(deployments)},
            {**PLACE, "includeOnlyStatuses": ANY},
        )

    def shaped(self, call: str, name: str, **more: object) -> None:
        self.on_scaling.add_response(
            call,
            {},
            {
                "AutoScalingGroupName": name,
                "MinSize": 1,
                "MaxSize": 2,
                "VPCZoneIdentifier": "subnet-a,subnet-b",
                "HealthCheckType": "ELB",
                "HealthCheckGracePeriod": 600,
                "LaunchTemplate": {"LaunchTemplateId": "lt-0123456789abcdef0", "Version": "3"},
                **more,
            },
        )

    def watched(self, name: str) -> None:
        """Expect what follows every change of an auto-scaling group."""
        self.on_scaling.add_response(
            "put_scaling_policy",
            {},
            {
                "AutoScalingGroupName": name,
                "PolicyName": "cpu",
                "PolicyType": "TargetTrackingScaling",
                "TargetTrackingConfiguration": {
                    "PredefinedMetricSpecification": {
                        "PredefinedMetricType": "ASGAverageCPUUtilization"
                    },
                    "TargetValue": 60.0,
                },
            },
        )
        self.on_scaling.add_response(
            "enable_metrics_collection",
            {},
            {"AutoScalingGroupName": name, "Granularity": "1Minute"},
        )

    def marked(self, name: str) -> None:
        tag = {
            "ResourceId": name,
            "ResourceType": "auto-scaling-group",
            "Key": "sentiment:applied",
            "Value": ANY,
            "PropagateAtLaunch": False,
        }
        self.on_scaling.add_response("create_or_update_tags", {}, {"Tags": [tag]})
