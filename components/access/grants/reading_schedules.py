"""What a preview reads of a team's schedules, where it has any: settings of them and of what rings, and no message."""

from components.access.grants.statement import Statement
from zone import names, platform_names, schedule_names


def read_schedules(region: str, account_id: str, account_key: str) -> tuple[Statement, ...]:
    """Read back what stands behind monitors and batches; they are in a team's own region only.

    Alarms and models are read with all others (reading.py), and both are one managed policy.
    """

    def arn(service: str, resource: str) -> str:
        return f"arn:aws:{service}:{region}:{account_id}:{resource}"

    named = platform_names.topic(account_key, "*")
    return (
        Statement(
            sid="ReadSchedules",
            actions=(
                "cloudwatch:GetDashboard",
                "emr-serverless:GetApplication",
                "events:DescribeRule",
                "events:ListTagsForResource",
                "events:ListTargetsByRule",
                "s3:GetBucketNotification",
                "sagemaker:DescribeDataQualityJobDefinition",
                "sagemaker:DescribeMonitoringSchedule",
                "sagemaker:DescribePipeline",
                "scheduler:GetSchedule",
                "scheduler:GetScheduleGroup",
                "scheduler:ListTagsForResource",
                "sns:GetTopicAttributes",
                "sns:ListTagsForResource",
                "sqs:GetQueueAttributes",
                "sqs:ListQueueTags",
            ),
            resources=(
                # A dashboard's ARN has no region.
                f"arn:aws:cloudwatch::{account_id}:dashboard/{named}",
                arn("emr-serverless", "/applications/*"),
                arn("events", "rule/*"),
                f"arn:aws:s3:::{names.bucket(account_key, 'data', account_id)}",
                arn("sagemaker", "*"),
                arn("scheduler", f"schedule*/{schedule_names.schedule_group(account_key)}*"),
                arn("sns", named),
                arn("sqs", named),
            ),
            reason="Pulumi gives rules and definitions their names; schedules, topics, queues are the account's own",
        ),
        Statement(
            sid="ReadSubscriptions",
            actions=("sns:GetSubscriptionAttributes",),
            resources=("*",),
            reason="AWS knows no resource for it; it tells addresses and settings, no message",
        ),
    )
