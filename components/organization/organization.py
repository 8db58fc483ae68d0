"""The organisation: its units, its member accounts, its guardrails."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws

ACCOUNTS_AT_ONCE: Final = 3
"""Accounts that are created side by side [count]. AWS takes five concurrent creations and a burst of three calls of
CreateAccount; a creation beyond that ends as FAILED, which the provider does not try again.

Source: AWS Organizations User Guide, "Quotas and service limits for AWS Organizations", read 2026-10.
"""

_AS_IT_WAS: Final = ("name", "email", "roleName", "closeOnDeletion", "iamUserAccessToBilling")
"""What of a retired account nobody knows any more, nor changes."""

TRUSTED_SERVICES: Final = ("ec2.amazonaws.com",)
"""Services that may act in all accounts: without EC2, AWS refuses its declarative policies.

Source: AWS Organizations User Guide, "Getting started with EC2 policies", read 2026-11-29.
"""


@dataclass(frozen=True, kw_only=True)
class MemberArgs:
    """One member account."""

    name: str
    """Name of the AWS account; a change renames it."""

    email: str
    """Root e-mail."""

    organizational_unit: str
    """Path of its OU."""

    role: str
    """Role AWS makes in it, which the management account assumes."""

    tags: Mapping[str, str]
    """Tags of the account."""


@dataclass(frozen=True, kw_only=True)
class RetiredArgs:
    """One member account that was given up: it stays, in another place and under other tags."""

    account_id: str
    """Its id [12 digits]."""

    organizational_unit: str
    """Path of its OU."""

    tags: Mapping[str, str]
    """Tags of the account from now on."""


@dataclass(frozen=True, kw_only=True)
class OrganizationArgs:
    """Inputs of Organization."""

    organizational_units: Sequence[str]
    """OU paths, parents before children."""

    accounts: Mapping[str, MemberArgs]
    """Member accounts by key. Plain, as the units are: they decide which resources exist."""

    retired: Mapping[str, RetiredArgs]
    """Accounts that were given up, by the key they had. Plain likewise."""

    policy_types: Sequence[str]
    """Organizations' policy types to enable, e.g. SERVICE_CONTROL_POLICY."""

    adopt: Mapping[str, str]
    """Ids of what exists already and becomes ours, by "organization" or account key; empty on a green field."""

    existing: Mapping[str, str]
    """Ids of what exists and stays others', by OU path or account key: guardrails may name it, nothing changes it."""

    sharing: bool
    """Whether accounts share things through AWS RAM without invitations."""


class Organization(pulumi.ComponentResource):
    """An AWS organisation with all features, its OU tree and its member accounts.

    What exists already is imported, not made again; what of it differs from the inputs is updated in the same run (the
    engine shows both: an import and an update). Organisational units and accounts that others keep are only named.
    Trusted access of services is left as it is: our EC2 policies need EC2's in an adopted organisation.
    """

    organization_id: pulumi.Output[str]
    """Id of the organisation (o-…)."""

    account_ids: Mapping[str, pulumi.Output[str]]
    """Account id by account key."""

    targets: Mapping[str, pulumi.Output[str]]
    """What a guardrail can be attached to: id by "root", OU path or account key."""

    def __init__(self, name: str, args: OrganizationArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlz:index:Organization", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)

        def adopted(key: str, ignore: Sequence[str]) -> pulumi.ResourceOptions:
            return child.merge(
                pulumi.ResourceOptions(import_=args.adopt.get(key), protect=True, ignore_changes=[*ignore])
            )

        organization = aws.organizations.Organization(
            name,
            feature_set="ALL",
            enabled_policy_types=args.policy_types,
            aws_service_access_principals=TRUSTED_SERVICES,
            # Identity Center and other services enable themselves here; taking them out would switch them off.
            opts=adopted("organization", ["awsServiceAccessPrincipals"]),
        )
        if args.sharing:
            # RAM's own call, which makes its service-linked role; trusted access alone would not (AWS RAM User Guide,
            # "Sharing your AWS resources", read 2026-11-30). Taken back, every account would lose what is shared with
            # it, others' shares too: so it stays on.
            aws.ram.SharingWithOrganization(
                f"{name}-sharing",
                opts=child.merge(pulumi.ResourceOptions(depends_on=[organization], retain_on_delete=True)),
            )
        targets: dict[str, pulumi.Output[str]] = {"root": organization.roots[0].id}
        targets |= {path: pulumi.Output.from_input(id_) for path, id_ in args.existing.items()}
        for path in args.organizational_units:
            if path in args.existing:
                continue
            parent, _, leaf = path.rpartition("/")
            unit = aws.organizations.OrganizationalUnit(
                f"{name}-{path}", name=leaf, parent_id=targets[parent or "root"], opts=child
            )
            targets[path] = unit.id
        accounts: dict[str, aws.organizations.Account] = {}
        keys = sorted(args.accounts.keys() - args.existing.keys())
        for place, key in enumerate(keys):
            account = args.accounts[key]
            before = [accounts[keys[place - ACCOUNTS_AT_ONCE]]] if place >= ACCOUNTS_AT_ONCE else []
            accounts[key] = aws.organizations.Account(
                f"{name}-{key}",
                name=account.name,
                email=account.email,
                parent_id=targets[account.organizational_unit],
                role_name=account.role,
                close_on_deletion=False,
                tags=account.tags,
                # AWS doesn't tell the role's name again: an adopted account would look changed and be replaced.
                opts=adopted(key, ["roleName"]).merge(
                    pulumi.ResourceOptions(depends_on=before, delete_before_replace=True)
                ),
            )

        for key, gone in args.retired.items():
            # Protected as it was, so that no run deletes it; read by its id where no state holds it, so never made.
            aws.organizations.Account(
                f"{name}-{key}",
                name=key,
                email=f"{gone.account_id}@retired.invalid",
                parent_id=targets[gone.organizational_unit],
                tags=gone.tags,
                opts=child.merge(
                    pulumi.ResourceOptions(
                        import_=gone.account_id,
                        protect=True,
                        delete_before_replace=True,
                        ignore_changes=[*_AS_IT_WAS],
                    )
                ),
            )

        self.organization_id = organization.id
        others = {key: targets[key] for key in args.accounts if key in args.existing}
        self.account_ids = {key: account.id for key, account in accounts.items()} | others
        self.targets = {**targets, **self.account_ids}
        self.register_outputs(
            {"organization_id": self.organization_id, "account_ids": self.account_ids, "targets": self.targets}
        )
