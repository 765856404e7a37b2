"""The poller: a function that a schedule calls, which asks YouTube and fills the queue."""

from __future__ import annotations

from aws_cdk import CfnOutput, Duration, Environment, Stack
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.config import Choices, StageConfig
from infra.functions import image_function
from infra.instance import Surroundings
from infra.queue_rights import POLLER

_HANDLER = "sentiment.stream.lambda_handler.poll"


class PollerStack(Stack):
    """One poll at a time: the quota ledger is in the store, and so are the watched videos.

    Attributes:
        function: polls once a call.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        env: Environment,
        stage: StageConfig,
        choices: Choices,
        around: Surroundings,
    ) -> None:
        super().__init__(scope, construct_id, env=env)
        data = around.data
        self.function: lambda_.Function = image_function(
            self,
            "Poller",
            stage=stage,
            choices=choices,
            images=around.foundation.lambda_images,
            handler=_HANDLER,
            description="Asks YouTube for new comments and puts them into the queue",
            memory_mb=1024,
            timeout=Duration.minutes(5),
            concurrency=1,
            environment={
                "DATABASE_SECRET": data.database_secret.secret_arn,
                "SECRET_YOUTUBE_API_KEY": data.youtube_key.secret_arn,
                "SENTIMENT_QUEUE_URL": around.queues.comments.queue_url,
                "SENTIMENT_QUOTA_UNITS": str(stage.quota_units),
                "SENTIMENT_LOG_FORMAT": "json",
            },
            vpc=around.network.vpc,
            group=around.network.jobs,
        )
        data.database_secret.grant_read(self.function)
        data.youtube_key.grant_read(self.function)
        around.queues.allow(self.function, POLLER)
        # A poll that failed is not tried again: the next one comes by itself and asks for the same.
        self.function.configure_async_invoke(
            retry_attempts=0, max_event_age=Duration.minutes(stage.poll_minutes)
        )
        events.Rule(
            self,
            "Schedule",
            description="Polls the watched videos",
            schedule=events.Schedule.rate(Duration.minutes(stage.poll_minutes)),
            targets=[targets.LambdaFunction(self.function, retry_attempts=0)],
        )
        # It keeps the secrets that it was started with: docs/deploy.md, "Changing a secret".
        CfnOutput(self, "FunctionName", value=self.function.function_name)
