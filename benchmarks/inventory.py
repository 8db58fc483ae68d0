"""What an account of the emulated AWS holds, and what a stack's state says it holds, as sets of `kind id`."""

import json

import boto3

from benchmarks.organisation import Organisation
from local.cloud import Cloud

USER_PROFILE, FEATURE_GROUP = "aws:sagemaker/userProfile:UserProfile", "aws:sagemaker/featureGroup:FeatureGroup"
KINDS = (
    # service, operation, list, member, Pulumi's type and the property that holds the same
    ("iam", "list_roles", "Roles", "RoleName", "aws:iam/role:Role", "id"),
    ("iam", "list_policies", "Policies", "Arn", "aws:iam/policy:Policy", "arn"),
    ("kms", "list_aliases", "Aliases", "AliasName", "aws:kms/alias:Alias", "name"),
    ("s3", "list_buckets", "Buckets", "Name", "aws:s3/bucket:Bucket", "bucket"),
    ("ec2", "describe_vpcs", "Vpcs", "VpcId", "aws:ec2/vpc:Vpc", "id"),
    ("ec2", "describe_subnets", "Subnets", "SubnetId", "aws:ec2/subnet:Subnet", "id"),
    ("ec2", "describe_vpc_endpoints", "VpcEndpoints", "VpcEndpointId", "aws:ec2/vpcEndpoint:VpcEndpoint", "id"),
    ("ec2", "describe_flow_logs", "FlowLogs", "FlowLogId", "aws:ec2/flowLog:FlowLog", "id"),
    ("logs", "describe_log_groups", "logGroups", "logGroupName", "aws:cloudwatch/logGroup:LogGroup", "name"),
    ("ssm", "describe_parameters", "Parameters", "Name", "aws:ssm/parameter:Parameter", "name"),
    ("sagemaker", "list_domains", "Domains", "DomainId", "aws:sagemaker/domain:Domain", "id"),
    ("sagemaker", "list_user_profiles", "UserProfiles", "UserProfileName", USER_PROFILE, "userProfileName"),
    (
        "sagemaker",
        "list_feature_groups",
        "FeatureGroupSummaries",
        "FeatureGroupName",
        FEATURE_GROUP,
        "featureGroupName",
    ),
)
OURS_NOT = {"OrganizationAccountAccessRole", "alias/aws/"}
"""What AWS makes in every account."""


def held(ours: Organisation, stack: str) -> set[str]:
    """What the account of *stack* holds; without what every account has from the start."""
    account, region = ours.zone.teams[stack].account, ours.zone.teams[stack].account.region
    cloud = Cloud(**json.loads((ours.world.logs.parent / "cloud.json").read_text()))
    env = cloud.env(region)

    def client(service: str, **keys: str):
        return boto3.client(service, endpoint_url=cloud.endpoint, region_name=region, **keys)

    given = client(
        "sts", aws_access_key_id=env["AWS_ACCESS_KEY_ID"], aws_secret_access_key=env["AWS_SECRET_ACCESS_KEY"]
    ).assume_role(RoleArn=f"arn:aws:iam::{account.account_id}:role/{account.role}", RoleSessionName="inventory")
    keys = {
        "aws_access_key_id": given["Credentials"]["AccessKeyId"],
        "aws_secret_access_key": given["Credentials"]["SecretAccessKey"],
        "aws_session_token": given["Credentials"]["SessionToken"],
    }
    found = set()
    for service, operation, listed, member, kind, _ in KINDS:
        asked = {"Scope": "Local"} if operation == "list_policies" else {}
        caller = client(service, **keys)
        pages = (
            caller.get_paginator(operation).paginate(**asked)
            if caller.can_paginate(operation)
            else [getattr(caller, operation)(**asked)]
        )
        found |= {
            f"{kind} {one[member]}"
            for page in pages
            for one in page[listed]
            if one.get("State") != "deleted" and not one.get("IsDefault") and not one.get("DefaultForAz")
            if not is_everywhere(one[member])
        }
    return found


def recorded(ours: Organisation, stack: str) -> set[str]:
    """What the state of *stack* says there is, of the same kinds."""
    return {
        f"{kind} {resource.get('id') if name == 'id' else resource.get('outputs', {}).get(name)}"
        for *_, kind, name in KINDS
        for resource in ours.resources(stack)
        if resource["type"] == kind
    }


def is_everywhere(name: str) -> bool:
    """Whether AWS makes it in every account."""
    return any(name.startswith(each) for each in OURS_NOT)
