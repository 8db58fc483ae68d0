"""Guardrail: what the organisation's accounts own answers to the organisation only."""

from zone.guardrails.enforcement import Guardrail, PolicyType
from zone.guardrails.statement import deny_everyone, document

HOLD_DATA = ("ecr:*", "kms:*", "s3:*", "secretsmanager:*", "sqs:*")
"""Services in use whose resources have policies of their own and that resource control policies reach: whole, because
each of their actions touches the data or who may. Source: Organizations User Guide, "Resource control policies (RCPs)",
read 2026-11-21."""


def outsiders(organization_id: str) -> Guardrail:
    """Refuse data, keys, secrets and roles to principals outside the organisation, whatever a resource's policy says.

    AWS's services ask as themselves and are let through; services.py holds them to our requests. Roles taken by web
    identity or SAML are not meant: such callers are no AWS principals, the role's trust policy names them.
    """
    return Guardrail(
        key="deny-outsiders",
        type=PolicyType.RESOURCE_CONTROL,
        description="Buckets, keys, secrets, queues, images and roles answer to the organisation's principals and to "
        "AWS's services only, even where their own policy says more.",
        document=document(
            deny_everyone(
                "Outsiders",
                [*HOLD_DATA, "sts:AssumeRole"],
                {
                    # Holds for callers without an organisation, too.
                    "StringNotEquals": {"aws:PrincipalOrgID": [organization_id]},
                    # Unsigned requests lack the key.
                    "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
                },
            )
        ),
        targets=("root",),
    )
