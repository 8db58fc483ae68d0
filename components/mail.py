"""Who is told by e-mail: an encrypted topic to which CloudWatch and EventBridge of the account send."""

import json
from typing import Any

import pulumi
import pulumi_aws as aws

from zone import platform_names


def told_by_mail(
    logical: str,
    account_key: str,
    what: str,
    email: str,
    *,
    account_id: str,
    region: str,
    key_arn: pulumi.Input[str],
    child: pulumi.ResourceOptions,
) -> pulumi.Output[str]:
    """Make the topic and return its ARN, which is there when its policy is.

    Args:
        logical: logical name of its resources.
        account_key: account; part of its name.
        what: what it tells of; the rest of its name.
        email: who is told; AWS asks that address once whether it wants to be.
        account_id: its account [12 digits].
        region: its region.
        key_arn: its KMS key.
        child: options of the component's children.
    """
    topic = aws.sns.Topic(
        logical,
        name=platform_names.topic(account_key, what),
        kms_master_key_id=key_arn,
        opts=child.merge(pulumi.ResourceOptions(delete_before_replace=True)),
    )
    policy = aws.sns.TopicPolicy(
        logical,
        arn=topic.arn,
        policy=json.dumps(_senders(platform_names.topic_arn(region, account_id, account_key, what), account_id)),
        opts=child,
    )
    aws.sns.TopicSubscription(logical, topic=topic.arn, protocol="email", endpoint=email, opts=child)
    # Whoever sends must be allowed to by then.
    return pulumi.Output.all(topic.arn, policy.arn).apply(lambda known: str(known[0]))


def _senders(arn: str, account_id: str) -> dict[str, Any]:
    """CloudWatch and EventBridge of this account may send, nobody may in plain text."""
    here = {"StringEquals": {"aws:SourceAccount": account_id}}
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "Alarms",
                "Effect": "Allow",
                "Principal": {"Service": ["cloudwatch.amazonaws.com", "events.amazonaws.com"]},
                "Action": "sns:Publish",
                "Resource": arn,
                "Condition": here,
            },
            {
                "Sid": "TlsOnly",
                "Effect": "Deny",
                "Principal": "*",
                "Action": "sns:Publish",
                "Resource": arn,
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            },
        ],
    }
