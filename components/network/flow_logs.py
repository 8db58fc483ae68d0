"""Who talked to whom: flow logs of a VPC, encrypted and kept."""

import json
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from zone import names


@dataclass(frozen=True, kw_only=True)
class FlowLogsArgs:
    """Inputs of FlowLogs."""

    account_key: str
    """Account of the VPC; part of the log group's name."""

    account_id: str
    """Its id [12 digits]."""

    region: str
    """Region of the VPC."""

    network: str
    """Which of the account's networks, part of the names of role and log group; empty: its only one, or its own."""

    vpc_id: pulumi.Input[str]
    """The VPC."""

    key_arn: pulumi.Input[str]
    """The account's logs key."""

    boundary_arn: pulumi.Input[str]
    """Permission boundary of the role that writes the logs."""

    retention_days: int
    """Days."""

    disposable: bool
    """Whether destroying the stack deletes the logs too."""

    further: bool
    """Whether the region is a further one of the account's: roles are the account's, so its role is named after it."""


class FlowLogs(pulumi.ComponentResource):
    """All traffic of a VPC, accepted and rejected, in a log group of its own."""

    log_group_name: pulumi.Output[str]
    """Name of the log group."""

    def __init__(self, name: str, args: FlowLogsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlz:index:FlowLogs", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        kept = pulumi.ResourceOptions(protect=not args.disposable, retain_on_delete=not args.disposable)

        what = f"{args.network}-flow-logs" if args.network else "flow-logs"
        group_name = names.log_group(args.account_key, what)
        group_arn = f"arn:aws:logs:{args.region}:{args.account_id}:log-group:{group_name}"
        group = aws.cloudwatch.LogGroup(
            f"{name}-flow-logs",
            name=group_name,
            kms_key_id=args.key_arn,
            retention_in_days=args.retention_days,
            opts=child.merge(kept).merge(pulumi.ResourceOptions(delete_before_replace=True)),
        )
        role = aws.iam.Role(
            f"{name}-flow-logs",
            name=names.flow_logs_role(args.region if args.further else "", args.network),
            path=names.PATH,
            description="VPC Flow Logs writes its records",
            permissions_boundary=args.boundary_arn,
            assume_role_policy=json.dumps(_trust(args.account_id, args.region)),
            opts=child.merge(pulumi.ResourceOptions(delete_before_replace=True)),
        )
        policy = aws.iam.RolePolicy(
            f"{name}-flow-logs", role=role.name, name="write", policy=json.dumps(_writes(group_arn)), opts=child
        )
        aws.ec2.FlowLog(
            f"{name}-flow-logs",
            vpc_id=args.vpc_id,
            traffic_type="ALL",
            log_destination_type="cloud-watch-logs",
            log_destination=group.arn,
            iam_role_arn=role.arn,
            max_aggregation_interval=60,
            opts=child.merge(pulumi.ResourceOptions(depends_on=[policy])),
        )

        self.log_group_name = group.name
        self.register_outputs({"log_group_name": self.log_group_name})


def _trust(account_id: str, region: str) -> dict[str, object]:
    """Only flow logs of this account: the conditions keep another account from using the service against us."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "vpc-flow-logs.amazonaws.com"},
        "Action": "sts:AssumeRole",
        "Condition": {
            "StringEquals": {"aws:SourceAccount": account_id},
            "ArnLike": {"aws:SourceArn": f"arn:aws:ec2:{region}:{account_id}:vpc-flow-log/*"},
        },
    }
    return {"Version": "2012-10-17", "Statement": [statement]}


def _writes(group_arn: str) -> dict[str, object]:
    """What the service does with a group that exists: find it, open a stream, write."""
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
                "Resource": [group_arn, f"{group_arn}:log-stream:*"],
            },
            # AWS offers no narrower resource for DescribeLogGroups than all groups; it shows names, no content.
            {"Effect": "Allow", "Action": "logs:DescribeLogGroups", "Resource": "*"},
        ],
    }
