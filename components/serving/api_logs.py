"""What lets API Gateway write logs at all: one setting of an account in a region, whatever number of APIs it has."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.access.grants.apis import write_logs
from components.access.role import service_role, trust_api_gateway
from zone.serving_names import API_LOGS


@dataclass(frozen=True, kw_only=True)
class ApiLogsArgs:
    """Inputs of ApiLogs."""

    account_id: str
    """The account."""

    boundary_arn: pulumi.Input[str]
    """The permission boundary of the role."""


class ApiLogs(pulumi.ComponentResource):
    """The role that API Gateway writes logs with, set for the account's region.

    The setting is the account's only one: what stood there before is overwritten, and with ours it is taken out again,
    which stops the logs of everybody's APIs in that account and region. A team's account is its own, and nobody of the
    team may make an API, so there is nobody else. Sources, read 2026-11-30: API Gateway Developer Guide, "Set up
    CloudWatch logging for REST APIs in API Gateway"; hashicorp/terraform-provider-aws pull request 42226 (taken out).
    """

    role_arn: pulumi.Output[str]
    """The role, once API Gateway has it: without it AWS refuses a stage that writes logs."""

    def __init__(self, name: str, args: ApiLogsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlz:index:ApiLogs", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)

        role = service_role(
            f"{name}-api-logs",
            API_LOGS,
            account_id=args.account_id,
            boundary_arn=args.boundary_arn,
            trust=trust_api_gateway(args.account_id),
            statements=write_logs(),
            child=child,
        )
        account = aws.apigateway.Account(f"{name}-api-logs", cloudwatch_role_arn=role, opts=child)

        self.role_arn = pulumi.Output.all(role, account.id).apply(lambda known: str(known[0]))
        self.register_outputs({"role_arn": self.role_arn})
