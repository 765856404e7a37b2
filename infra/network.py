"""The private network, and who may speak to whom in it."""

from __future__ import annotations

from aws_cdk import CfnOutput, Environment, RemovalPolicy, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.config import SERVICE_PORT, Choices, StageConfig
from infra.retention import retention_of

POSTGRESQL_PORT = 5432


class NetworkStack(Stack):
    """Three kinds of subnets: public (ways out only), private (service), isolated (database).

    All security groups and their rules stand here, so that no two other stacks need each other.

    Attributes:
        vpc: the network.
        gateway: group of the The link of API Gateway into the network.
        balancer: group of the load balancer; only `gateway` may speak to it.
        service: group of the instances; only `balancer` may speak to them.
        jobs: group of poller and drift check; nobody may speak to them.
        database: group of PostgreSQL; only `service` and `jobs` may speak to it.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        env: Environment,
        stage: StageConfig,
        choices: Choices,
    ) -> None:
        super().__init__(scope, construct_id, env=env)
        self.vpc = ec2.Vpc(
            self,
            "Network",
            ip_addresses=ec2.IpAddresses.cidr(stage.cidr),
            max_azs=stage.zones,
            nat_gateways=stage.nat_gateways,
            # Nothing is in it: emptying it would take a function of the CDK's own with its rights.
            restrict_default_security_group=False,
            subnet_configuration=[
                ec2.SubnetConfiguration(
                    name="out",
                    subnet_type=ec2.SubnetType.PUBLIC,
                    cidr_mask=24,
                    map_public_ip_on_launch=False,
                ),
                ec2.SubnetConfiguration(
                    name="service",
                    subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS,
                    cidr_mask=22,
                ),
                ec2.SubnetConfiguration(
                    name="data", subnet_type=ec2.SubnetType.PRIVATE_ISOLATED, cidr_mask=24
                ),
            ],
            # Free, and image layers and revisions then leave the NAT gateways alone. Endpoints
            # of other services cost more a month than the traffic that they would save.
            gateway_endpoints={
                "S3": ec2.GatewayVpcEndpointOptions(service=ec2.GatewayVpcEndpointAwsService.S3)
            },
        )
        self.vpc.add_flow_log(
            "Flows",
            destination=ec2.FlowLogDestination.to_cloud_watch_logs(
                logs.LogGroup(
                    self,
                    "FlowLog",
                    retention=retention_of(stage),
                    removal_policy=RemovalPolicy.DESTROY,
                )
            ),
            traffic_type=ec2.FlowLogTrafficType.REJECT,
        )
        inside = self.vpc.select_subnets(subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS)
        CfnOutput(self, "PrivateSubnetIds", value=",".join(inside.subnet_ids))
        self._make_groups(secure=choices.internal_certificate_arn is not None)
        CfnOutput(self, "JobsGroupId", value=self.jobs.security_group_id)

    def _make_groups(self, *, secure: bool) -> None:
        inside = ec2.Port.tcp(443 if secure else 80)
        service = ec2.Port.tcp(SERVICE_PORT)
        sql = ec2.Port.tcp(POSTGRESQL_PORT)
        self.gateway = self._group("Gateway", "The link of API Gateway", egress=False)
        self.balancer = self._group("Balancer", "The load balancer", egress=False)
        # Out to YouTube and to AWS; both have addresses that no rule can name.
        self.service = self._group("Service", "Instances of the service", egress=True)
        self.jobs = self._group("Jobs", "Poller and drift check", egress=True)
        self.database = self._group("Database", "PostgreSQL", egress=False)
        self._allow(self.gateway, self.balancer, inside)
        self._allow(self.balancer, self.service, service)
        self.database.add_ingress_rule(self.service, sql, "The service's store")
        self.database.add_ingress_rule(self.jobs, sql, "Poller and drift check")

    def _group(self, name: str, description: str, *, egress: bool) -> ec2.SecurityGroup:
        return ec2.SecurityGroup(
            self, name, vpc=self.vpc, description=description, allow_all_outbound=egress
        )

    @staticmethod
    def _allow(source: ec2.SecurityGroup, target: ec2.SecurityGroup, port: ec2.Port) -> None:
        target.add_ingress_rule(source, port, "From the part in front")
        source.add_egress_rule(target, port, "To the part behind")
