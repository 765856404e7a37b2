"""The way in, and what an operator may choose about it."""

from __future__ import annotations

import json
from pathlib import Path

import aws_cdk as cdk
from aws_cdk.assertions import Match

from infra.app import FLAGS, build_app
from infra.config import STAGES
from infra.tests.conftest import Built
from infra.tests.test_on_instance import script_of


def test_the_gateway_asks_for_a_key_and_streams(built: Built) -> None:
    edge = "Sentiment-Production-Edge"
    methods = [
        method["Properties"] for method in built.resources(edge, "AWS::ApiGateway::Method").values()
    ]
    keyed = {method["HttpMethod"]: method["ApiKeyRequired"] for method in methods}
    assert keyed == {"ANY": True, "GET": True, "OPTIONS": False}
    for method in methods:
        assert method["Integration"]["ResponseTransferMode"] == "STREAM"
        assert method["Integration"]["ConnectionType"] == "VPC_LINK"
        assert "IntegrationTarget" in method["Integration"]
    template = built.template(edge)
    template.has_resource_properties("AWS::ApiGateway::RestApi", {"ApiKeySourceType": "AUTHORIZER"})
    stage = STAGES["production"]
    template.has_resource_properties(
        "AWS::ApiGateway::UsagePlan",
        {
            "Throttle": {"RateLimit": stage.rate_per_s, "BurstLimit": stage.burst},
            "Quota": {"Limit": stage.requests_a_day, "Period": "DAY"},
        },
    )


def test_every_choice_of_an_operator_builds(tmp_path: Path) -> None:
    app = cdk.App(
        outdir=str(tmp_path),
        context={
            **FLAGS,
            "stage": "production",
            "region": "us-east-1",
            "architecture": "x86_64",
            "alarm_email": "operator@example.org",
            "mood_alerts": "true",
            "public_host": "sentiment.example.org",
            "public_certificate_arn": "arn:aws:acm:us-east-1:111122223333:certificate/a",
            "internal_host": "inside.example.org",
            "internal_certificate_arn": "arn:aws:acm:us-east-1:111122223333:certificate/b",
        },
    )
    stacks = {stack.stack_name: stack for stack in build_app(app)["production"]}
    app.synth()
    chosen = Built(tmp_path, stacks)
    service = chosen.template("Sentiment-Production-Service")
    service.has_resource_properties(
        "AWS::ElasticLoadBalancingV2::Listener", {"Port": 443, "Protocol": "HTTPS"}
    )
    service.has_resource_properties(
        "AWS::EC2::LaunchTemplate",
        {"LaunchTemplateData": Match.object_like({"InstanceType": "c7i.large"})},
    )
    # Publish, and the key that the topic is encrypted with.
    allowed = json.dumps(chosen.resources("Sentiment-Production-Service", "AWS::IAM::Policy"))
    assert (allowed.count('"sns:Publish"'), allowed.count('"kms:GenerateDataKey"')) == (2, 2)
    environment = script_of(chosen, "Sentiment-Production-Service")
    assert "SENTIMENT_ALARM_SNS_TOPIC=stand-in-of-an-arn" in environment
    edge = chosen.template("Sentiment-Production-Edge")
    edge.has_resource_properties(
        "AWS::ApiGateway::DomainName", {"DomainName": "sentiment.example.org"}
    )
    edge.has_resource_properties(
        "AWS::ApiGateway::Method",
        {"Integration": Match.object_like({"Uri": "https://inside.example.org/v1/{proxy}"})},
    )
    chosen.template("Sentiment-Production-Foundation").has_resource_properties(
        "AWS::SNS::Subscription", {"Protocol": "email", "Endpoint": "operator@example.org"}
    )


def test_each_stage_has_a_host_and_certificates_of_its_own(tmp_path: Path) -> None:
    def of_each(pattern: str) -> dict[str, str]:
        return {stage: pattern.format(stage) for stage in STAGES}

    certificate = "arn:aws:acm:eu-central-1:111122223333:certificate/"
    written = tmp_path / "cdk.json"
    context = {
        "public_host": of_each("{}.example.org"),
        "public_certificate_arn": of_each(certificate + "public-{}"),
        "internal_host": of_each("inside.{}.example.org"),
        "internal_certificate_arn": of_each(certificate + "internal-{}"),
    }
    written.write_text(json.dumps({"context": context}))
    said = json.loads(written.read_text())["context"]
    app = cdk.App(outdir=str(tmp_path / "cdk.out"), context={**FLAGS, **said})
    stacks = [stack for built in build_app(app).values() for stack in built]
    app.synth()
    chosen = Built(tmp_path / "cdk.out", {stack.stack_name: stack for stack in stacks})
    for name, stage in STAGES.items():
        chosen.template(f"Sentiment-{stage.title}-Edge").has_resource_properties(
            "AWS::ApiGateway::DomainName",
            {
                "DomainName": f"{name}.example.org",
                "RegionalCertificateArn": f"{certificate}public-{name}",
            },
        )
        chosen.template(f"Sentiment-{stage.title}-Service").has_resource_properties(
            "AWS::ElasticLoadBalancingV2::Listener",
            {"Certificates": [{"CertificateArn": f"{certificate}internal-{name}"}]},
        )
