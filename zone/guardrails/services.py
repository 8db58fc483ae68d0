"""Guardrail: AWS's services come with our own requests only."""

from zone.guardrails.enforcement import Guardrail, PolicyType
from zone.guardrails.statement import deny_everyone, document


def services(organization_id: str) -> Guardrail:
    """Refuse AWS's services that act for an account of another organisation: the confused deputy.

    Held is only who says for which account it asks: some services don't, and those act for the resource's owner.
    """
    return Guardrail(
        key="deny-confused-deputies",
        type=PolicyType.RESOURCE_CONTROL,
        description="An AWS service reaches our buckets, keys, secrets, queues and roles for our own accounts, not on "
        "behalf of a stranger who made it ask.",
        document=document(
            deny_everyone(
                "StrangersServices",
                ["kms:*", "s3:*", "secretsmanager:*", "sqs:*", "sts:AssumeRole"],
                {
                    "StringNotEquals": {"aws:SourceOrgID": [organization_id]},
                    "Null": {"aws:SourceAccount": "false"},
                    "Bool": {"aws:PrincipalIsAWSService": "true"},
                },
            )
        ),
        targets=("root",),
    )
