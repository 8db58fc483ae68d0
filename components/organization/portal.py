"""The way into Studio from Identity Center's portal: a permission set per persona, and who has it in which account."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.access.grants.entry import SESSION_HOURS, enter
from components.access.grants.statement import policy_json
from zone import names


@dataclass(frozen=True, kw_only=True)
class AssignmentArgs:
    """One person's or group's permission set in one account."""

    account_id: pulumi.Input[str]
    """The account."""

    persona: str
    """The persona, as its role is called."""

    principal_id: str
    """The person or the group in Identity Center's directory."""

    principal_type: str
    """USER or GROUP."""


@dataclass(frozen=True, kw_only=True)
class PortalArgs:
    """Inputs of Portal."""

    instance_arn: str
    """The organisation's instance of Identity Center."""

    region: str
    """Its region."""

    studio_regions: Sequence[str]
    """Where the Studio domains are."""

    assignments: Mapping[str, AssignmentArgs]
    """Who gets in where, by a name. Plain but for account ids: they decide which resources exist."""

    adopt: str | None
    """The instance's ARN where attributes for access control are set already; imported, not made again."""


class Portal(pulumi.ComponentResource):
    """Identity Center's permission sets and assignments by which people open their own Studio profile."""

    permission_set_arns: Mapping[str, pulumi.Output[str]]
    """ARN by persona, as its role is called."""

    def __init__(self, name: str, args: PortalArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlz:index:Portal", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)

        attributes = aws.ssoadmin.InstanceAccessControlAttributes(
            f"{name}-attributes",
            instance_arn=args.instance_arn,
            attributes=[{"key": names.PERSON_TAG, "values": [{"sources": [names.PERSON_SOURCE]}]}],
            region=args.region,
            # An instance has one list of attributes: those that others add to it stay.
            opts=child.merge(pulumi.ResourceOptions(import_=args.adopt, ignore_changes=["attributes"])),
        )
        sets = {}
        for persona in names.PERSONA_ROLES.values():
            made = aws.ssoadmin.PermissionSet(
                f"{name}-{persona}",
                name=names.permission_set(persona),
                description=f"Open your own Studio profile as {persona}",
                instance_arn=args.instance_arn,
                session_duration=f"PT{SESSION_HOURS}H",
                region=args.region,
                opts=child.merge(pulumi.ResourceOptions(delete_before_replace=True)),
            )
            sets[persona] = (
                made,
                aws.ssoadmin.PermissionSetInlinePolicy(
                    f"{name}-{persona}-enter",
                    instance_arn=args.instance_arn,
                    permission_set_arn=made.arn,
                    inline_policy=policy_json(enter(args.studio_regions)),
                    region=args.region,
                    opts=child,
                ),
            )
        for key, each in args.assignments.items():
            made, policy = sets[each.persona]
            aws.ssoadmin.AccountAssignment(
                f"{name}-{key}",
                instance_arn=args.instance_arn,
                permission_set_arn=made.arn,
                principal_type=each.principal_type,
                principal_id=each.principal_id,
                target_type="AWS_ACCOUNT",
                target_id=each.account_id,
                region=args.region,
                # Nobody finds an empty set in the portal, nor one that does not know the person yet.
                opts=child.merge(pulumi.ResourceOptions(depends_on=[policy, attributes])),
            )

        self.permission_set_arns = {persona: made.arn for persona, (made, _) in sets.items()}
        self.register_outputs({"permission_set_arns": self.permission_set_arns})
