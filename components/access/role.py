"""A role that only a service takes, with the one policy it has."""

from collections.abc import Sequence
from typing import Any

import pulumi
import pulumi_aws as aws

from components.access.arns import role_arn
from components.access.grants.statement import Statement, policy_json
from zone import names


def service_role(
    logical: str,
    stem: str,
    *,
    account_id: str,
    boundary_arn: pulumi.Input[str],
    trust: dict[str, Any],
    statements: Sequence[Statement],
    child: pulumi.ResourceOptions,
) -> pulumi.Output[str]:
    """Make the role and return its ARN, which is there when the policy is.

    Args:
        logical: logical name of role and policy.
        stem: names.role(stem) is its name.
        account_id: its account.
        boundary_arn: the permission boundary it carries.
        trust: who may take it.
        statements: what it may do.
        child: options of the component's children.
    """
    role = aws.iam.Role(
        logical,
        name=names.role(stem),
        path=names.PATH,
        permissions_boundary=boundary_arn,
        assume_role_policy=pulumi.Output.json_dumps(trust),
        opts=child.merge(pulumi.ResourceOptions(delete_before_replace=True)),
    )
    policy = aws.iam.RolePolicy(logical, role=role.name, name="work", policy=policy_json(statements), opts=child)
    return pulumi.Output.all(role_arn(role, account_id), policy.id).apply(lambda known: str(known[0]))


def trust_api_gateway(account_id: str) -> dict[str, Any]:
    """Return the trust policy of a role that API Gateway takes for *account_id*.

    No page says that it tells STS for whom it takes a role, and a condition on a key that is absent would refuse it. So
    the key is held where it is there. That nobody else's API works with the role is iam:PassRole's matter: who sets an
    integration's role must be let pass it. Sources, read 2026-11-30: API Gateway Developer Guide, "Control access to a
    REST API with IAM permissions" (the trust policy, without conditions) and "Troubleshooting Amazon API Gateway
    identity and access" (iam:PassRole); IAM User Guide, "AWS global condition context keys", aws:SourceAccount (not
    every service gives it).
    """
    trust = trust_service("apigateway.amazonaws.com", account_id)
    (statement,) = trust["Statement"]
    statement["Condition"] = {"StringEqualsIfExists": {"aws:SourceAccount": account_id}}
    return trust


def trust_service(service: str, account_id: str, source_arn: str | None = None) -> dict[str, Any]:
    """Return the trust policy of a role that AWS's *service* takes for *account_id*, and for *source_arn* only."""
    source = {"ArnLike": {"aws:SourceArn": source_arn}} if source_arn else {}
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": service},
                "Action": "sts:AssumeRole",
                "Condition": {"StringEquals": {"aws:SourceAccount": account_id}, **source},
            }
        ],
    }
