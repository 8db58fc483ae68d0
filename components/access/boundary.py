"""The permission boundary: the most any role of an account can ever do, whatever its policies say."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.access.arns import policy_arn
from components.access.grants.boundary import boundary
from components.access.grants.statement import policy_json
from zone import names


@dataclass(frozen=True, kw_only=True)
class BoundaryArgs:
    """Inputs of Boundary."""

    account_id: str
    """The account whose roles carry the boundary."""

    region: str
    """Its region: AWS keeps SageMaker's images by region."""

    partner_account_ids: Sequence[str]
    """Accounts that declared shares and MLflow connect it with."""

    databases: bool
    """Whether roles of the account log in to databases and read their passwords, as an MLflow server does."""


class Boundary(pulumi.ComponentResource):
    """A managed policy that every role of the account carries as its permission boundary."""

    arn: pulumi.Output[str]
    """ARN of the policy."""

    def __init__(self, name: str, args: BoundaryArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlz:index:Boundary", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)

        policy = aws.iam.Policy(
            f"{name}-boundary",
            name=names.BOUNDARY,
            path=names.PATH,
            policy=policy_json(
                boundary(args.account_id, args.region, args.partner_account_ids, databases=args.databases)
            ),
            opts=child.merge(pulumi.ResourceOptions(delete_before_replace=True)),
        )

        self.arn = policy_arn(policy, args.account_id)
        self.register_outputs({"arn": self.arn})
