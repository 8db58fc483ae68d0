"""An example of each component of endpoints' HTTP APIs."""

import pulumi

from components.serving.api_logs import ApiLogs, ApiLogsArgs
from components.serving.endpoint_api import EndpointApi, EndpointApiArgs
from tests.small_zone import REGION

ACCOUNT = "111111111111"
KEY_ARN = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/00000000-0000-0000-0000-000000000000"
BOUNDARY_ARN = f"arn:aws:iam::{ACCOUNT}:policy/mlz/mlz-boundary"
ENGINEER = f"arn:aws:iam::{ACCOUNT}:role/mlz/mlz-ml-engineer"


def api_logs(opts: pulumi.ResourceOptions) -> ApiLogs:
    return ApiLogs("fraud", ApiLogsArgs(account_id=ACCOUNT, boundary_arn=BOUNDARY_ARN), opts)


def endpoint_api(
    opts: pulumi.ResourceOptions, *, vpce: str | None = "vpce-1", rate: int = 100, disposable: bool = False
) -> EndpointApi:
    args = EndpointApiArgs(
        endpoint="scorer",
        endpoint_arn=f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:endpoint/fraud-scorer",
        account_key="dev-fraud",
        account_id=ACCOUNT,
        region=REGION,
        caller_role_arns=[ENGINEER],
        vpc_id="vpc-1",
        vpc_endpoint_id=vpce,
        calls_per_second=rate,
        boundary_arn=BOUNDARY_ARN,
        log_key_arn=KEY_ARN,
        log_retention_days=90,
        disposable=disposable,
    )
    return EndpointApi("fraud-scorer", args, opts)
