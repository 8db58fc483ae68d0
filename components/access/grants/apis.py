"""Grants on endpoints' HTTP APIs: who asks, and what API Gateway does for them."""

from components.access.grants.place import Place
from components.access.grants.statement import Statement
from zone import serving_names

_BY_STAGE = "AWS gives an API its id; its stage is the endpoint's name, and nobody of the team can make an API"


def ask(place: Place) -> tuple[Statement, ...]:
    """Ask the declared endpoints over HTTP: the one method of each API, and nothing else of it."""
    if not place.team.apis:
        return ()
    return (
        Statement(
            sid="AskOverHttp",
            actions=("execute-api:Invoke",),
            resources=tuple(serving_names.api_arn(place.region, place.account_id, name) for name in place.team.apis),
            reason=_BY_STAGE,
        ),
    )


def answer(endpoint_arn: str) -> tuple[Statement, ...]:
    """Ask one endpoint, as API Gateway does for who asks its API.

    Source: API Gateway Developer Guide, "Basic tasks of an API integration request" (a role that allows the action),
    read 2026-11-30.
    """
    return (Statement(sid="AskTheModel", actions=("sagemaker:InvokeEndpoint",), resources=(endpoint_arn,)),)


def write_logs() -> tuple[Statement, ...]:
    """Write the logs of all APIs of an account in a region: one role does it for API Gateway.

    AWS says that AmazonAPIGatewayPushToCloudWatchLogs has all it takes. It tries the role before it takes it, by
    writing ("could not successfully write to CloudWatch Logs using the ARN specified", which the provider waits for:
    hashicorp/terraform-provider-aws, internal/service/apigateway/account.go); where to, no page says. So all are here,
    as there, and the boundary holds them to the account. Source: API Gateway Developer Guide, "Set up CloudWatch
    logging for REST APIs in API Gateway", read 2026-11-30; the policy as moto has it.
    """
    return (
        Statement(
            sid="WriteApiLogs",
            actions=(
                "logs:CreateLogGroup",
                "logs:CreateLogStream",
                "logs:DescribeLogGroups",
                "logs:DescribeLogStreams",
                "logs:FilterLogEvents",
                "logs:GetLogEvents",
                "logs:PutLogEvents",
            ),
            resources=("*",),
            reason="AWS's own policy for this role names no narrower one, and a role without these is refused",
        ),
    )
