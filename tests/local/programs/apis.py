"""An endpoint's HTTP API and what lets it write logs, as the components make them; the endpoint itself is another's."""

import os
import sys

import pulumi
import pulumi_aws as aws
from place import PLATFORM, REGION, account, after, document, key, network

sys.path.insert(0, os.environ["MLZ_ROOT"])
from components.serving.api_logs import ApiLogs, ApiLogsArgs
from components.serving.endpoint_api import EndpointApi, EndpointApiArgs

platform = account("platform", PLATFORM)
boundary = aws.iam.Policy(
    "boundary",
    name="mlz-boundary",
    path="/mlz/",
    policy=document({"Action": ["logs:*", "sagemaker:InvokeEndpoint"], "Resource": "*"}),
    opts=platform,
)
vpc, subnets = network("team", 1, platform)
way = aws.ec2.VpcEndpoint(
    "way",
    vpc_id=vpc.id,
    service_name=f"com.amazonaws.{REGION}.execute-api",
    vpc_endpoint_type="Interface",
    private_dns_enabled=True,
    subnet_ids=[subnet.id for subnet in subnets],
    opts=platform,
)
logs = ApiLogs("team", ApiLogsArgs(account_id=PLATFORM, boundary_arn=boundary.arn), opts=platform)
api = EndpointApi(
    "team-scores",
    EndpointApiArgs(
        endpoint="scores",
        endpoint_arn=f"arn:aws:sagemaker:{REGION}:{PLATFORM}:endpoint/team-scores",
        account_key="dev-team",
        account_id=PLATFORM,
        region=REGION,
        caller_role_arns=[f"arn:aws:iam::{PLATFORM}:role/mlz/mlz-ml-engineer"],
        vpc_id=vpc.id,
        vpc_endpoint_id=way.id,
        calls_per_second=int(os.environ.get("RATE", "50")),
        boundary_arn=boundary.arn,
        log_key_arn=key(platform).arn,
        log_retention_days=90,
        disposable=True,
    ),
    opts=after(platform, logs),
)
pulumi.export("url", api.url)
