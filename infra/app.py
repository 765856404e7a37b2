"""The app: every stage's stacks. `python -m infra.app` writes their templates to `cdk.out`.

Needs no account and no CDK command: nothing is looked up while it builds. `cdk deploy` runs the
same program (`cdk.json`), with the context that an operator gives it.
"""

from __future__ import annotations

import os
import sys

import aws_cdk as cdk
from cdk_nag import AwsSolutionsChecks

from infra.config import STAGES, Choices, ContextError, StageConfig, StageName, read_choices
from infra.data import DataStack
from infra.drift import DriftStack
from infra.edge import EdgeStack
from infra.foundation import FoundationStack
from infra.instance import Surroundings
from infra.network import NetworkStack
from infra.poller import PollerStack
from infra.queues import QueueStack
from infra.service import ServiceStack
from infra.small_inference import SmallInferenceStack
from infra.training import TrainingStack
from infra.watch import WatchStack

OUTPUT = "cdk.out"

# Here and not in cdk.json, so that the templates are the same with and without the CDK command.
FLAGS = {
    "@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy": True,
    "@aws-cdk/aws-iam:minimizePolicies": True,
}


def build_stage(app: cdk.App, stage: StageConfig, choices: Choices) -> list[cdk.Stack]:
    """Add a stage's stacks to the app.

    Returns:
        The stacks, each after those that it needs.
    """

    def named(part: str) -> str:
        return f"Sentiment-{stage.title}-{part}"

    env = cdk.Environment(region=choices.region)
    foundation = FoundationStack(app, named("Foundation"), env=env, stage=stage, choices=choices)
    network = NetworkStack(app, named("Network"), env=env, stage=stage, choices=choices)
    data = DataStack(app, named("Data"), env=env, stage=stage, network=network)
    queues = QueueStack(app, named("Queues"), env=env, stage=stage)
    around = Surroundings(foundation=foundation, network=network, data=data, queues=queues)
    service = ServiceStack(
        app, named("Service"), env=env, stage=stage, choices=choices, around=around
    )
    edge = EdgeStack(
        app, named("Edge"), env=env, stage=stage, choices=choices, around=around, service=service
    )
    poller = PollerStack(app, named("Poller"), env=env, stage=stage, choices=choices, around=around)
    small = SmallInferenceStack(
        app, named("Small"), env=env, stage=stage, choices=choices, foundation=foundation
    )
    training = TrainingStack(
        app,
        named("Training"),
        env=env,
        stage=stage,
        choices=choices,
        foundation=foundation,
        network=network,
    )
    drift = DriftStack(
        app, named("Drift"), env=env, stage=stage, choices=choices, around=around, training=training
    )
    watch = WatchStack(
        app,
        named("Watch"),
        env=env,
        stage=stage,
        around=around,
        service=service,
        edge=edge,
        poller=poller,
        drift=drift,
    )
    # Gateways may write logs once the account's role for that is set.
    edge.add_stack_dependency(foundation)
    small.add_stack_dependency(foundation)
    stacks: list[cdk.Stack] = [
        *(foundation, network, data, queues, service, edge),
        *(poller, small, training, drift, watch),
    ]
    for stack in stacks:
        cdk.Tags.of(stack).add("project", "youtube-sentiment")
        cdk.Tags.of(stack).add("stage", stage.name)
        if stage.keeps_data and stack in (data, foundation):
            stack.termination_protection = True
    return stacks


def build_app(app: cdk.App) -> dict[StageName, list[cdk.Stack]]:
    """Add every wanted stage and have cdk-nag look at all of it.

    Returns:
        The stacks, by stage.

    Raises:
        ContextError: the context holds a value that can't be used.
    """
    built = {
        name: build_stage(app, STAGES[name], choices)
        for name, choices in read_choices(app.node.try_get_context).items()
    }
    cdk.Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    return built


def main() -> int:
    """Write the templates; the exit code is 1 when the context can't be used."""
    # Under `cdk`, CDK_OUTDIR names the place.
    app = cdk.App(outdir=os.environ.get("CDK_OUTDIR", OUTPUT), context=FLAGS)
    try:
        build_app(app)
    except ContextError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    app.synth()
    return 0


if __name__ == "__main__":
    sys.exit(main())
