"""The role under which pull requests' previews work: it reads, and can neither change anything nor see data."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.access.arns import policy_arn, role_arn
from components.access.grants.statement import Statement, policy_json
from zone import names


@dataclass(frozen=True, kw_only=True)
class PreviewArgs:
    """Inputs of Preview."""

    account_id: str
    """The account that is read."""

    caller_arn: str
    """The one role that may assume it: the pull requests' own in the management account."""

    statements: Sequence[Statement]
    """What it reads. Plain."""


class Preview(pulumi.ComponentResource):
    """A role that only reads. What it may do is its boundary too: no policy attached later widens it."""

    role_arn: pulumi.Output[str]
    """ARN of the role."""

    def __init__(self, name: str, args: PreviewArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlz:index:Preview", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        named = child.merge(pulumi.ResourceOptions(delete_before_replace=True))

        policy = aws.iam.Policy(
            f"{name}-preview",
            name=names.role(names.PREVIEW),
            path=names.PATH,
            policy=policy_json(args.statements),
            opts=named,
        )
        role = aws.iam.Role(
            f"{name}-preview",
            name=names.role(names.PREVIEW),
            path=names.PATH,
            permissions_boundary=policy_arn(policy, args.account_id),
            assume_role_policy=pulumi.Output.json_dumps(
                {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Principal": {"AWS": f"arn:aws:iam::{args.caller_arn.split(':')[4]}:root"},
                            "Action": "sts:AssumeRole",
                            "Condition": {"ArnEquals": {"aws:PrincipalArn": args.caller_arn}},
                        }
                    ],
                }
            ),
            opts=named,
        )
        attached = aws.iam.RolePolicyAttachment(
            f"{name}-preview-preview",
            role=role.name,
            policy_arn=policy_arn(policy, args.account_id),
            opts=child,
        )

        self.role_arn = role_arn(role, args.account_id, attached)
        self.register_outputs({"role_arn": self.role_arn})
