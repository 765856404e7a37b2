"""The blue-green fleet: CodeDeploy's deployment group and the auto-scaling group that is live.

CloudFormation can't make such a deployment group, and CodeDeploy makes a new auto-scaling group
with each release and deletes the one before, so that CloudFormation could not own that either.
Both are therefore made and changed by one custom resource (`fleet_handler/index.py`), which asks
CodeDeploy which group is live before it changes anything; docs/deploy.md says why at length.
Everything else of an instance is in its launch template, which CloudFormation does own.
"""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import ArnFormat, CustomResource, Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_codedeploy as codedeploy
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.accepted import ANY_RESOURCE, WILDCARD, accept, managed
from infra.config import StageConfig
from infra.foundation import FoundationStack
from infra.functions import file_function
from infra.instance import Instances

_TIMEOUT_MINUTES = 15
_GRACE_S = 600
_DEPLOYING = "service-role/AWSCodeDeployRole"


class Fleet(Construct):
    """Deployment group, live auto-scaling group, and the function that keeps both.

    Attributes:
        application: CodeDeploy's name for what is deployed.
        group_name: of the deployment group.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        stage: StageConfig,
        vpc: ec2.IVpc,
        instances: Instances,
        targets: elbv2.IApplicationTargetGroup,
        alarms: Sequence[cloudwatch.Alarm],
        foundation: FoundationStack,
    ) -> None:
        super().__init__(scope, construct_id)
        self._stage, self._instances = stage, instances
        self.application = codedeploy.ServerApplication(
            self, "Application", application_name=stage.prefix
        )
        self.group_name = f"{stage.prefix}-service"
        service_role = self._service_role()
        foundation.allow_telling(service_role)
        handler = self._handler(service_role)
        resource = CustomResource(
            self,
            "Live",
            resource_type="Custom::BlueGreenFleet",
            service_token=handler.function_arn,
            properties={
                "Application": self.application.application_name,
                "Group": self.group_name,
                "ServiceRoleArn": service_role.role_arn,
                "TargetGroupName": targets.target_group_name,
                "TargetGroupArn": targets.target_group_arn,
                "AlarmNames": [alarm.alarm_name for alarm in alarms],
                "TopicArn": foundation.alarms.topic_arn,
                "KeepBlueMinutes": stage.keep_blue_minutes,
                "FirstName": f"{stage.prefix}-first",
                "LaunchTemplateId": instances.template.launch_template_id,
                "LaunchTemplateVersion": instances.template.latest_version_number,
                "SubnetIds": vpc.select_subnets(
                    subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS
                ).subnet_ids,
                "MinSize": stage.min_instances,
                "MaxSize": stage.max_instances,
                "TargetCpuPercent": stage.target_cpu_percent,
                "GraceS": _GRACE_S,
            },
        )
        # Not only what is named above: the rights of every role must be there too.
        resource.node.add_dependency(service_role, instances)

    def _service_role(self) -> iam.Role:
        role = iam.Role(
            self,
            "DeployRole",
            assumed_by=iam.ServicePrincipal("codedeploy.amazonaws.com"),
            description="CodeDeploy's, for blue-green releases",
            managed_policies=[iam.ManagedPolicy.from_aws_managed_policy_name(_DEPLOYING)],
        )
        self._allow_launching(role)
        accept(
            role,
            {
                managed(_DEPLOYING): "Amazon's own list of what CodeDeploy needs of Auto "
                "Scaling, load balancing and CloudWatch; it grows with the service, and a copy "
                "would not.",
                **_OF_LAUNCHING,
            },
        )
        return role

    def _handler(self, service_role: iam.Role) -> lambda_.Function:
        stack, stage = Stack.of(self), self._stage
        handler, role = file_function(
            self,
            "Handler",
            stage=stage,
            folder="fleet_handler",
            description="Keeps the deployment group and the live auto-scaling group",
            timeout=Duration.minutes(_TIMEOUT_MINUTES),
        )
        self._allow_launching(role)
        groups = [
            stack.format_arn(
                service="autoscaling",
                resource="autoScalingGroup:*:autoScalingGroupName",
                resource_name=name,
            )
            for name in (f"{stage.prefix}-first", f"CodeDeploy_{self.group_name}_*")
        ]
        role.add_to_policy(
            iam.PolicyStatement(
                actions=[
                    "autoscaling:CreateAutoScalingGroup",
                    "autoscaling:CreateOrUpdateTags",
                    "autoscaling:DeleteAutoScalingGroup",
                    "autoscaling:EnableMetricsCollection",
                    "autoscaling:PutScalingPolicy",
                    "autoscaling:UpdateAutoScalingGroup",
                ],
                resources=groups,
            )
        )
        role.add_to_policy(
            iam.PolicyStatement(actions=["autoscaling:DescribeAutoScalingGroups"], resources=["*"])
        )
        role.add_to_policy(
            iam.PolicyStatement(
                actions=[
                    "codedeploy:CreateDeploymentGroup",
                    "codedeploy:DeleteDeploymentGroup",
                    "codedeploy:GetDeploymentGroup",
                    "codedeploy:ListDeployments",
                    "codedeploy:UpdateDeploymentGroup",
                ],
                resources=[
                    stack.format_arn(
                        service="codedeploy",
                        resource="deploymentgroup",
                        resource_name=f"{stage.prefix}/{self.group_name}",
                        arn_format=ArnFormat.COLON_RESOURCE_NAME,
                    )
                ],
            )
        )
        role.add_to_policy(
            iam.PolicyStatement(actions=["iam:PassRole"], resources=[service_role.role_arn])
        )
        # The first group of an account brings this role along.
        role.add_to_policy(
            iam.PolicyStatement(
                actions=["iam:CreateServiceLinkedRole"],
                resources=[
                    stack.format_arn(
                        service="iam",
                        region="",
                        resource="role",
                        resource_name="aws-service-role/autoscaling.amazonaws.com/"
                        "AWSServiceRoleForAutoScaling",
                    )
                ],
                conditions={"StringEquals": {"iam:AWSServiceName": "autoscaling.amazonaws.com"}},
            )
        )
        accept(
            role,
            {
                **_OF_LAUNCHING,
                **{
                    f"{WILDCARD}[Resource::arn:<AWS::Partition>:autoscaling:"
                    f"{stack.region}:<AWS::AccountId>:autoScalingGroup:*:autoScalingGroupName/"
                    f"{name}]": "Auto Scaling puts an id of its own into the ARN, and CodeDeploy "
                    "the deployment's id into the name."
                    for name in (f"{stage.prefix}-first", f"CodeDeploy_{self.group_name}_*")
                },
            },
        )
        return handler

    def _allow_launching(self, role: iam.Role) -> None:
        """Let a role launch instances of the one template, as a group of it demands."""
        stack = Stack.of(self)
        template = stack.format_arn(
            service="ec2",
            resource="launch-template",
            resource_name=self._instances.template.launch_template_id,
        )
        role.add_to_policy(
            iam.PolicyStatement(
                actions=["ec2:RunInstances"],
                resources=["*"],
                conditions={"ArnEquals": {"ec2:LaunchTemplate": template}},
            )
        )
        role.add_to_policy(
            iam.PolicyStatement(
                actions=["ec2:CreateTags"],
                resources=["*"],
                conditions={"StringEquals": {"ec2:CreateAction": "RunInstances"}},
            )
        )
        role.add_to_policy(
            iam.PolicyStatement(
                actions=["iam:PassRole"],
                resources=[self._instances.role.role_arn],
                conditions={"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}},
            )
        )


_OF_LAUNCHING = {
    ANY_RESOURCE: "RunInstances touches images, disks and networks that have "
    "no name yet, and is held to the one launch template; CreateTags is held to launching; "
    "DescribeAutoScalingGroups names no resource in IAM."
}
