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

TRUSTED_SERVICES: Final = ("ec2.amazonaws.com",)
"""Services that may act in all accounts: without EC2, AWS refuses its declarative policies.

Source: AWS Organizations User Guide, "Getting started with EC2 policies", read 2026-11-29.
"""


@dataclass(frozen=True, kw_only=True)
class MemberArgs:
    """One member account."""

    email: str
    """Root e-mail."""

    organizational_unit: str
    """Path of its OU."""

    role: str
    """Role AWS makes in it, which the management account assumes."""

    tags: Mapping[str, str]
    """Tags of the account."""


@dataclass(frozen=True, kw_only=True)
class OrganizationArgs:
    """Inputs of Organization."""

    organizational_units: Sequence[str]
    """OU paths, parents before children."""

    accounts: Mapping[str, MemberArgs]
    """Member accounts by key. Plain, as the units are: they decide which resources exist."""

    policy_types: Sequence[str]
    """Organizations' policy types to enable, e.g. SERVICE_CONTROL_POLICY."""

    adopt: Mapping[str, str]
    """Ids of what exists already, by "organization", OU path or account key; empty on a green field."""


class Organization(pulumi.ComponentResource):
    """An AWS organisation with all features, its OU tree and its member accounts.

    What exists already is imported, not made again. Say so in Pulumi.org.yaml before the first `pulumi up -s org`:

        config:
          mlz:adopt:
            organization: o-a1b2c3d4e5
            Workloads/Dev: ou-a1b2-c3d4e5f6
            dev-fraud: "111122223333"

    Pulumi refuses the import where reality differs from the plan (an account's name or e-mail, a policy type that is
    not enabled) and names the difference: mend one of the two. What follows is an ordinary update. Trusted access of
    services is left as it is there; our EC2 policies need EC2's, so give it before the first `up`:

        aws organizations enable-aws-service-access --service-principal ec2.amazonaws.com
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

        def adopted(key: str, protect: bool, ignore: Sequence[str] = ()) -> pulumi.ResourceOptions:
            return child.merge(
                pulumi.ResourceOptions(import_=args.adopt.get(key), protect=protect, ignore_changes=[*ignore])
            )

        organization = aws.organizations.Organization(
            name,
            feature_set="ALL",
            enabled_policy_types=args.policy_types,
            aws_service_access_principals=TRUSTED_SERVICES,
            # Identity Center and other services enable themselves here; taking them out would switch them off.
            opts=adopted("organization", protect=True, ignore=["awsServiceAccessPrincipals"]),
        )
        targets: dict[str, pulumi.Output[str]] = {"root": organization.roots[0].id}
        for path in args.organizational_units:
            parent, _, leaf = path.rpartition("/")
            unit = aws.organizations.OrganizationalUnit(
                f"{name}-{path}", name=leaf, parent_id=targets[parent or "root"], opts=adopted(path, protect=False)
            )
            targets[path] = unit.id
        accounts: dict[str, aws.organizations.Account] = {}
        keys = sorted(args.accounts)
        for place, key in enumerate(keys):
            account = args.accounts[key]
            before = [accounts[keys[place - ACCOUNTS_AT_ONCE]]] if place >= ACCOUNTS_AT_ONCE else []
            accounts[key] = aws.organizations.Account(
                f"{name}-{key}",
                name=key,
                email=account.email,
                parent_id=targets[account.organizational_unit],
                role_name=account.role,
                close_on_deletion=False,
                tags=account.tags,
                # AWS doesn't tell the role's name again: an adopted account would look changed and be replaced.
                opts=adopted(key, protect=True, ignore=["roleName"]).merge(
                    pulumi.ResourceOptions(depends_on=before, delete_before_replace=True)
                ),
            )

        self.organization_id = organization.id
        self.account_ids = {key: account.id for key, account in accounts.items()}
        self.targets = {**targets, **self.account_ids}
        self.register_outputs(
            {"organization_id": self.organization_id, "account_ids": self.account_ids, "targets": self.targets}
        )
