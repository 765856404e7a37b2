"""What an operator looks at, and what wakes one: dashboard, alarms, budget."""

from __future__ import annotations

from aws_cdk import CfnOutput, Duration, Environment, Stack
from aws_cdk import aws_budgets as budgets
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_sns as sns
from constructs import Construct

from infra.config import StageConfig
from infra.drift import DriftStack
from infra.edge import EdgeStack
from infra.instance import Surroundings, metrics_namespace
from infra.poller import PollerStack
from infra.service import ServiceStack

_QUOTA_PERCENT = 10
# RDS lets the disk grow once less than 10 % of it is free: below this, it did not.
_DATABASE_FREE_SHARE = 0.08
_GREATER = cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD
_LESS = cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD


class WatchStack(Stack):
    """Alarms that are told to the topic; those that roll a release back are the service's own."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        env: Environment,
        stage: StageConfig,
        around: Surroundings,
        service: ServiceStack,
        edge: EdgeStack,
        poller: PollerStack,
        drift: DriftStack,
    ) -> None:
        super().__init__(scope, construct_id, env=env)
        self._stage = stage
        self._topic: sns.ITopic = around.foundation.alarms
        queue, dead = around.queues.comments, around.queues.dead
        five, day = Duration.minutes(5), Duration.days(1)
        quota = cloudwatch.Metric(
            namespace=metrics_namespace(stage),
            metric_name="sentiment_youtube_quota_left_units",
            dimensions_map={"service": "sentiment"},
            statistic="Minimum",
            period=five,
            label="units left today",
        )
        age = queue.metric_approximate_age_of_oldest_message(statistic="Maximum", period=five)
        drifts = cloudwatch.Metric(
            namespace="AWS/Events",
            metric_name="MatchedEvents",
            dimensions_map={"RuleName": drift.found.rule_name},
            statistic="Sum",
            period=day,
        )
        database = around.data.database
        alarms = [
            self._alarm("QueueAge", age, stage.queue_age_s, "The oldest message waits too long."),
            self._alarm(
                "DeadLetters",
                dead.metric_approximate_number_of_messages_visible(
                    statistic="Maximum", period=five
                ),
                0,
                "A message could not be worked on.",
                periods=1,
            ),
            self._alarm(
                "Quota",
                quota,
                stage.quota_units * _QUOTA_PERCENT / 100,
                f"Less than {_QUOTA_PERCENT} % of the Data API's daily units are left.",
                comparison=_LESS,
                periods=1,
            ),
            self._alarm("Drift", drifts, 0, "The comments have drifted.", periods=1),
            self._alarm(
                "PollErrors",
                # No shorter than its rhythm: else two spans of three hold no poll, and none fails.
                poller.function.metric_errors(
                    statistic="Sum", period=Duration.minutes(max(5, stage.poll_minutes))
                ),
                0,
                "The poller failed.",
            ),
            self._alarm(
                "GatewayErrors",
                edge.api.metric_server_error(statistic="Average", period=five),
                stage.error_percent / 100,
                "The gateway answers with 5xx.",
            ),
            self._alarm(
                "DatabaseDisk",
                database.metric_free_storage_space(statistic="Minimum", period=five),
                _DATABASE_FREE_SHARE * stage.database_gb * 1024**3,
                "The database's disk is nearly full, and did not grow.",
                comparison=_LESS,
            ),
            self._alarm(
                "DatabaseCpu",
                database.metric_cpu_utilization(statistic="Average", period=five),
                85,
                "The database's processors are busy.",
            ),
        ]
        self._budget()
        self._dashboard(
            alarms=[*service.rollback_alarms, *alarms],
            rows=[
                [
                    ("Requests", [service.targets.metrics.request_count(period=five)]),
                    (
                        "Time to headers, s",
                        [
                            service.targets.metrics.target_response_time(
                                statistic=part, period=five
                            )
                            for part in ("p50", "p95", "p99")
                        ],
                    ),
                    (
                        "Errors",
                        [
                            edge.api.metric_client_error(statistic="Sum", period=five),
                            edge.api.metric_server_error(statistic="Sum", period=five),
                        ],
                    ),
                ],
                [
                    ("Age of the oldest message, s", [age]),
                    (
                        "Messages",
                        [
                            queue.metric_approximate_number_of_messages_visible(period=five),
                            dead.metric_approximate_number_of_messages_visible(period=five),
                        ],
                    ),
                    ("Units of the Data API left", [quota]),
                ],
                [
                    (
                        "Instances",
                        [
                            service.targets.metrics.healthy_host_count(period=five),
                            service.targets.metrics.unhealthy_host_count(period=five),
                        ],
                    ),
                    ("Database's processors, %", [database.metric_cpu_utilization(period=five)]),
                    ("Drift found", [drifts]),
                ],
            ],
        )

    def _alarm(
        self,
        name: str,
        metric: cloudwatch.IMetric,
        threshold: float,
        description: str,
        *,
        comparison: cloudwatch.ComparisonOperator = _GREATER,
        periods: int = 3,
    ) -> cloudwatch.Alarm:
        alarm = cloudwatch.Alarm(
            self,
            name,
            alarm_name=f"{self._stage.prefix}-{name.lower()}",
            alarm_description=description,
            metric=metric,
            threshold=threshold,
            comparison_operator=comparison,
            evaluation_periods=periods,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
        action = actions.SnsAction(self._topic)
        alarm.add_alarm_action(action)
        alarm.add_ok_action(action)
        return alarm

    def _budget(self) -> None:
        """Watch the whole account's cost: tags that nobody activated would show zero."""
        subscriber = budgets.CfnBudget.SubscriberProperty(
            subscription_type="SNS", address=self._topic.topic_arn
        )
        budgets.CfnBudget(
            self,
            "Budget",
            budget=budgets.CfnBudget.BudgetDataProperty(
                budget_name=f"{self._stage.prefix}-month",
                budget_type="COST",
                time_unit="MONTHLY",
                budget_limit=budgets.CfnBudget.SpendProperty(
                    amount=self._stage.budget_usd, unit="USD"
                ),
            ),
            notifications_with_subscribers=[
                budgets.CfnBudget.NotificationWithSubscribersProperty(
                    notification=budgets.CfnBudget.NotificationProperty(
                        notification_type=kind,
                        comparison_operator="GREATER_THAN",
                        threshold=percent,
                        threshold_type="PERCENTAGE",
                    ),
                    subscribers=[subscriber],
                )
                for kind, percent in (("ACTUAL", 80), ("FORECASTED", 100))
            ],
        )

    def _dashboard(
        self,
        *,
        alarms: list[cloudwatch.Alarm],
        rows: list[list[tuple[str, list[cloudwatch.IMetric]]]],
    ) -> None:
        name = f"{self._stage.prefix}-overview"
        board = cloudwatch.Dashboard(
            self, "Dashboard", dashboard_name=name, default_interval=Duration.days(1)
        )
        board.add_widgets(
            cloudwatch.AlarmStatusWidget(title="Alarms", alarms=list(alarms), width=24, height=4)
        )
        for row in rows:
            board.add_widgets(
                *(
                    cloudwatch.GraphWidget(title=title, left=metrics, width=8, height=6)
                    for title, metrics in row
                )
            )
        CfnOutput(self, "DashboardName", value=name)
