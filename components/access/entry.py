"""The way into Studio for people who come from a sign-in of the organisation's own, without Identity Center."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.access.arns import policy_arn, role_arn
from components.access.grants.entry import SESSION_HOURS, enter, trust_people
from components.access.grants.statement import policy_json
from zone import names


@dataclass(frozen=True, kw_only=True)
class EntryArgs:
    """Inputs of Entry."""

    account_id: str
    """The team's account."""

    region: str
    """Where its Studio domain is."""

    personas: Sequence[str]
    """Personas of the team's members, as their roles are called: a role each. Plain: they decide which roles exist."""

    trusted: Sequence[str]
    """Who vouches for people: saml-provider/NAME of the account, or the ARN of a role."""

    boundary_arn: pulumi.Input[str]
    """The permission boundary every role carries."""


class Entry(pulumi.ComponentResource):
    """A role per persona by which people open their own Studio profile, told by the session's tag."""

    role_arns: Mapping[str, pulumi.Output[str]]
    """ARN by persona, as its own role is called."""

    def __init__(self, name: str, args: EntryArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlz:index:Entry", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        named = child.merge(pulumi.ResourceOptions(delete_before_replace=True))

        policy = aws.iam.Policy(
            f"{name}-enter",
            name=names.role("enter"),
            path=names.PATH,
            policy=policy_json(enter([args.region], args.account_id)),
            opts=named,
        )
        arns = {}
        for persona in args.personas:
            role = aws.iam.Role(
                f"{name}-enter-{persona}",
                name=names.entry_role(persona),
                path=names.PATH,
                permissions_boundary=args.boundary_arn,
                assume_role_policy=pulumi.Output.json_dumps(trust_people(args.account_id, args.trusted)),
                max_session_duration=SESSION_HOURS * 3600,
                opts=named,
            )
            attached = aws.iam.RolePolicyAttachment(
                f"{name}-enter-{persona}-enter",
                role=role.name,
                policy_arn=policy_arn(policy, args.account_id),
                opts=child,
            )
            arns[persona] = role_arn(role, args.account_id, attached)

        self.role_arns = arns
        self.register_outputs({"role_arns": arns})
