"""What watches a platform, and whom it tells."""

import json

import pulumi_aws as aws
from place import document


def watched(options, key):
    """Alarms, a dashboard and a topic on a log group, which is returned."""
    logs = aws.cloudwatch.LogGroup("logs", name="/mlz/mlflow", retention_in_days=30, kms_key_id=key.arn, opts=options)
    topic = aws.sns.Topic("topic", name="alarms", kms_master_key_id=key.arn, opts=options)
    aws.sns.TopicPolicy(
        "topic-policy",
        arn=topic.arn,
        policy=topic.arn.apply(
            lambda arn: document(
                {"Principal": {"Service": "cloudwatch.amazonaws.com"}, "Action": "sns:Publish", "Resource": arn}
            )
        ),
        opts=options,
    )
    aws.sns.TopicSubscription("mail", topic=topic.arn, protocol="email", endpoint="ops@example.com", opts=options)
    aws.cloudwatch.LogMetricFilter(
        "errors",
        name="errors",
        log_group_name=logs.name,
        pattern="ERROR",
        metric_transformation={"name": "errors", "namespace": "mlz", "value": "1", "default_value": "0"},
        opts=options,
    )
    alarm = aws.cloudwatch.MetricAlarm(
        "alarm",
        name="alarm",
        comparison_operator="GreaterThanThreshold",
        threshold=1.5,
        evaluation_periods=1,
        metric_name="errors",
        namespace="mlz",
        period=60,
        statistic="Sum",
        alarm_actions=[topic.arn],
        ok_actions=[topic.arn],
        treat_missing_data="notBreaching",
        opts=options,
    )
    aws.cloudwatch.CompositeAlarm(
        "composite",
        alarm_name="composite",
        alarm_rule=alarm.name.apply('ALARM("{}")'.format),
        alarm_actions=[topic.arn],
        alarm_description="all",
        opts=options,
    )
    aws.cloudwatch.Dashboard("board", dashboard_name="board", dashboard_body=json.dumps({"widgets": []}), opts=options)
    rule = aws.cloudwatch.EventRule(
        "rule", name="state", description="d", event_pattern=json.dumps({"source": ["aws.ecs"]}), opts=options
    )
    aws.cloudwatch.EventTarget("target", rule=rule.name, arn=topic.arn, opts=options)
    return logs
