"""What of the hub other accounts may use: a share of AWS RAM with the accounts by id."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws


@dataclass(frozen=True, kw_only=True)
class SharingArgs:
    """Inputs of Sharing."""

    share_name: str
    """Name of the share."""

    resource_arns: Mapping[str, pulumi.Input[str]]
    """What is shared by name. Plain keys: they decide which resources exist."""

    accounts: Mapping[str, str]
    """Accounts that may use it by name [12 digits]. Plain likewise."""


class Sharing(pulumi.ComponentResource):
    """A resource share within the organisation; nobody else can be let in.

    Accounts by id, not by organisational unit: a unit's share would let each account that comes into it attach itself.
    Without invitations, because the org stack enables sharing within the organisation (AWS RAM User Guide, "Sharing
    your AWS resources", read 2026-11-30).
    """

    share_arn: pulumi.Output[str]
    """ARN of the share."""

    def __init__(self, name: str, args: SharingArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlz:index:Sharing", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)

        share = aws.ram.ResourceShare(name, name=args.share_name, allow_external_principals=False, opts=child)
        for what, arn in args.resource_arns.items():
            aws.ram.ResourceAssociation(f"{name}-{what}", resource_arn=arn, resource_share_arn=share.arn, opts=child)
        for account, account_id in args.accounts.items():
            aws.ram.PrincipalAssociation(
                f"{name}-{account}", principal=account_id, resource_share_arn=share.arn, opts=child
            )

        self.share_arn = share.arn
        self.register_outputs({"share_arn": self.share_arn})
