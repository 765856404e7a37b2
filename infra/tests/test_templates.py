"""What must hold of the stacks, whatever else changes."""

from __future__ import annotations

import json

import pytest
from aws_cdk.assertions import Match, Template

from infra.config import READY_PATH, SERVICE_PORT, STAGES, StageConfig
from infra.tests.conftest import Built

BOTH = pytest.mark.parametrize("stage", STAGES.values(), ids=lambda stage: str(stage.name))


def stack_of(stage: StageConfig, part: str) -> str:
    return f"Sentiment-{stage.title}-{part}"


def test_every_stage_has_every_stack(built: Built) -> None:
    parts = {name.rsplit("-", 1)[1] for name in built.stacks}
    assert set(built.stacks) == {
        stack_of(stage, part) for stage in STAGES.values() for part in parts
    }
    assert len(parts) == 11


@BOTH
def test_the_database_is_encrypted_private_and_kept(built: Built, stage: StageConfig) -> None:
    template = built.template(stack_of(stage, "Data"))
    template.has_resource(
        "AWS::RDS::DBInstance",
        {
            "DeletionPolicy": "Snapshot",
            "Properties": Match.object_like(
                {
                    "StorageEncrypted": True,
                    "PubliclyAccessible": False,
                    "MultiAZ": stage.multi_az,
                    "BackupRetentionPeriod": stage.backup_days,
                    "DeletionProtection": stage.keeps_data,
                    "MaxAllocatedStorage": 4 * stage.database_gb,
                }
            ),
        },
    )
    template.has_resource_properties(
        "AWS::RDS::DBParameterGroup",
        {"Parameters": Match.object_like({"rds.force_ssl": "1", "log_parameter_max_length": "0"})},
    )


def test_nothing_is_open_to_the_world(built: Built) -> None:
    rules = [
        (place, rule)
        for place, group in built.every("AWS::EC2::SecurityGroup")
        for rule in group["Properties"].get("SecurityGroupIngress", [])
    ]
    rules += [
        (place, rule["Properties"]) for place, rule in built.every("AWS::EC2::SecurityGroupIngress")
    ]
    assert rules
    assert [place for place, rule in rules if "CidrIp" in rule or "CidrIpv6" in rule] == []
    schemes = {
        balancer["Properties"]["Scheme"]
        for _, balancer in built.every("AWS::ElasticLoadBalancingV2::LoadBalancer")
    }
    assert schemes == {"internal"}


def test_only_service_and_jobs_reach_the_database(built: Built) -> None:
    network = "Sentiment-Production-Network"
    sources = {
        rule["Properties"]["Description"]
        for rule in built.resources(network, "AWS::EC2::SecurityGroupIngress").values()
        if rule["Properties"]["FromPort"] == 5432
    }
    assert sources == {"The service's store", "Poller and drift check"}


def test_buckets_are_encrypted_private_and_over_tls_alone(built: Built) -> None:
    buckets = built.every("AWS::S3::Bucket")
    assert len(buckets) == 3 * len(STAGES)
    for _, bucket in buckets:
        said = bucket["Properties"]
        assert said["BucketEncryption"]["ServerSideEncryptionConfiguration"]
        assert all(said["PublicAccessBlockConfiguration"].values())
    policies = built.every("AWS::S3::BucketPolicy")
    assert len(policies) == len(buckets)
    for place, policy in policies:
        assert '"aws:SecureTransport": "false"' in _text(policy), place


def test_disks_queues_topics_and_repositories_are_encrypted(built: Built) -> None:
    for place, template in built.every("AWS::EC2::LaunchTemplate"):
        (disk,) = template["Properties"]["LaunchTemplateData"]["BlockDeviceMappings"]
        assert disk["Ebs"]["Encrypted"] is True, place
    for place, queue in built.every("AWS::SQS::Queue"):
        assert queue["Properties"]["SqsManagedSseEnabled"] is True, place
    for place, topic in built.every("AWS::SNS::Topic"):
        assert topic["Properties"]["KmsMasterKeyId"], place
    for place, repository in built.every("AWS::ECR::Repository"):
        # Encrypted always; with ECR's own key unless one is named.
        assert repository["Properties"]["ImageTagMutability"] == "IMMUTABLE", place


def test_instances_want_imdsv2_and_have_no_ssh_key(built: Built) -> None:
    templates = built.every("AWS::EC2::LaunchTemplate")
    assert len(templates) == 2 * len(STAGES)
    for place, template in templates:
        said = template["Properties"]["LaunchTemplateData"]
        assert said["MetadataOptions"] == {"HttpPutResponseHopLimit": 1, "HttpTokens": "required"}
        assert "KeyName" not in said, place


def test_the_training_machine_ends_itself(built: Built) -> None:
    built.template("Sentiment-Production-Training").has_resource_properties(
        "AWS::EC2::LaunchTemplate",
        {
            "LaunchTemplateData": Match.object_like(
                {"InstanceInitiatedShutdownBehavior": "terminate"}
            )
        },
    )


@BOTH
def test_the_balancer_asks_for_readiness_and_waits_for_the_drain(
    built: Built, stage: StageConfig
) -> None:
    built.template(stack_of(stage, "Service")).has_resource_properties(
        "AWS::ElasticLoadBalancingV2::TargetGroup",
        {
            "HealthCheckPath": READY_PATH,
            "Matcher": {"HttpCode": "200"},
            "Port": SERVICE_PORT,
            "TargetGroupAttributes": Match.array_with(
                [{"Key": "deregistration_delay.timeout_seconds", "Value": "30"}]
            ),
        },
    )


@BOTH
def test_the_fleet_scales_within_limits_and_rolls_back_by_alarms(
    built: Built, stage: StageConfig
) -> None:
    service = stack_of(stage, "Service")
    (fleet,) = built.resources(service, "Custom::BlueGreenFleet").values()
    said = fleet["Properties"]
    assert (said["MinSize"], said["MaxSize"]) == (stage.min_instances, stage.max_instances)
    assert said["KeepBlueMinutes"] == stage.keep_blue_minutes
    alarms = built.resources(service, "AWS::CloudWatch::Alarm")
    assert {name["Ref"] for name in said["AlarmNames"]} == set(alarms)
    assert {alarm["Properties"]["AlarmName"] for alarm in alarms.values()} == {
        f"{stage.prefix}-{kind}" for kind in ("errors", "latency", "unhealthy")
    }


@pytest.mark.parametrize(
    ("counted", "percent"),
    [
        ({}, 0),
        ({"RequestCount": 100}, 0),
        ({"RequestCount": 100, "HTTPCode_Target_5XX_Count": 3}, 3),
        # A process that ends under its requests: no answer of its own.
        ({"RequestCount": 97, "HTTPCode_ELB_5XX_Count": 3}, 3),
        # No instance is left, so that no request reaches one.
        ({"HTTPCode_ELB_5XX_Count": 5}, 100),
        ({"RequestCount": 96, "HTTPCode_Target_5XX_Count": 2, "HTTPCode_ELB_5XX_Count": 4}, 6),
    ],
)
def test_the_alarm_of_errors_counts_what_the_balancer_answers_itself(
    built: Built, counted: dict[str, int], percent: float
) -> None:
    (alarm,) = [
        alarm["Properties"]
        for alarm in built.resources("Sentiment-Staging-Service", "AWS::CloudWatch::Alarm").values()
        if alarm["Properties"]["AlarmName"] == "sentiment-staging-errors"
    ]
    # What is counted as nothing is not reported at all.
    values: dict[str, object] = {
        part["Id"]: counted.get(part["MetricStat"]["Metric"]["MetricName"])
        for part in alarm["Metrics"]
        if "MetricStat" in part
    }
    (expression,) = [part["Expression"] for part in alarm["Metrics"] if "Expression" in part]
    functions = {
        "FILL": lambda value, instead: instead if value is None else value,
        "IF": lambda condition, then, otherwise: then if condition else otherwise,
    }
    assert eval(expression, functions, values) == pytest.approx(percent)
    (own,) = [
        part["MetricStat"]["Metric"]
        for part in alarm["Metrics"]
        if part.get("MetricStat", {}).get("Metric", {}).get("MetricName")
        == "HTTPCode_ELB_5XX_Count"
    ]
    # No target group answered: the balancer tells of these by its own name alone.
    assert [dimension["Name"] for dimension in own["Dimensions"]] == ["LoadBalancer"]


def test_no_auto_scaling_group_belongs_to_cloudformation(built: Built) -> None:
    # CodeDeploy deletes it with the first release, and every later update of its stack would fail.
    assert built.every("AWS::AutoScaling::AutoScalingGroup") == []
    assert built.every("AWS::CodeDeploy::DeploymentGroup") == []


def test_a_message_that_fails_goes_to_the_dead_letter_queue(built: Built) -> None:
    built.template("Sentiment-Staging-Queues").has_resource_properties(
        "AWS::SQS::Queue",
        {"RedrivePolicy": Match.object_like({"maxReceiveCount": 5})},
    )


def test_functions_hold_no_secret_and_are_bounded(built: Built) -> None:
    functions = built.every("AWS::Lambda::Function")
    assert len(functions) == 4 * len(STAGES)
    for place, function in functions:
        said = function["Properties"]
        assert "resolve:secretsmanager" not in _text(function), place
        assert said["Timeout"], place
        if said.get("PackageType") == "Image":
            assert said["ReservedConcurrentExecutions"] > 0, place


def test_every_log_forgets(built: Built) -> None:
    groups = built.every("AWS::Logs::LogGroup")
    assert len(groups) >= 8 * len(STAGES)
    assert {group["Properties"]["RetentionInDays"] for _, group in groups} == {30, 90}


@BOTH
def test_alarms_are_told_and_cover_what_was_asked(built: Built, stage: StageConfig) -> None:
    alarms = [
        alarm["Properties"]
        for part in ("Service", "Watch")
        for alarm in built.resources(stack_of(stage, part), "AWS::CloudWatch::Alarm").values()
    ]
    assert all(alarm["AlarmActions"] for alarm in alarms)
    kinds = {alarm["AlarmName"].removeprefix(f"{stage.prefix}-") for alarm in alarms}
    assert kinds >= {"latency", "errors", "queueage", "quota", "drift", "deadletters"}
    watch: Template = built.template(stack_of(stage, "Watch"))
    watch.has_resource_properties(
        "AWS::Budgets::Budget",
        {"Budget": Match.object_like({"BudgetLimit": {"Amount": stage.budget_usd, "Unit": "USD"}})},
    )
    watch.resource_count_is("AWS::CloudWatch::Dashboard", 1)


@BOTH
def test_a_full_disk_is_told_after_it_should_have_grown(built: Built, stage: StageConfig) -> None:
    (database,) = built.resources(stack_of(stage, "Data"), "AWS::RDS::DBInstance").values()
    disk_bytes = int(database["Properties"]["AllocatedStorage"]) * 1024**3
    (alarm,) = [
        alarm["Properties"]
        for alarm in built.resources(stack_of(stage, "Watch"), "AWS::CloudWatch::Alarm").values()
        if alarm["Properties"]["AlarmName"] == f"{stage.prefix}-databasedisk"
    ]
    # RDS grows it at 10 %.
    assert 0.05 * disk_bytes < alarm["Threshold"] < 0.1 * disk_bytes


def test_what_holds_data_in_production_outlives_its_stack(built: Built) -> None:
    kept = ("AWS::S3::Bucket", "AWS::ECR::Repository", "AWS::SecretsManager::Secret")
    for kind in kept:
        for place, resource in built.every(kind):
            by_rds = "StoreSecret" in place
            wanted = "Retain" if "Production" in place and not by_rds else "Delete"
            assert resource["DeletionPolicy"] == wanted, place


def test_the_stacks_that_hold_data_can_t_be_deleted_by_mistake(built: Built) -> None:
    protected = {name for name, stack in built.stacks.items() if stack.termination_protection}
    assert protected == {"Sentiment-Production-Data", "Sentiment-Production-Foundation"}


def test_drift_is_read_from_the_exit_code_of_the_check(built: Built) -> None:
    from sentiment.cli import exit_codes

    ended = [
        rule["Properties"]["EventPattern"]["detail"]
        for rule in built.resources("Sentiment-Production-Drift", "AWS::Events::Rule").values()
        if "EventPattern" in rule["Properties"]
    ]
    codes = [how["containers"]["exitCode"] for how in ended if "containers" in how]
    assert sorted(codes, key=str) == [
        [exit_codes.DRIFT],
        [{"anything-but": [0, exit_codes.DRIFT, exit_codes.INCONCLUSIVE]}],
    ]
    assert [how["stopCode"] for how in ended if "stopCode" in how] == [["TaskFailedToStart"]]


def _text(resource: object) -> str:
    return json.dumps(resource)
