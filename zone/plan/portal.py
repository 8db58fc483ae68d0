"""Who opens Studio from Identity Center's portal: the members of environments that say `by: identity_center`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from zone import names
from zone.plan.lock import Lock
from zone.specs.account import Member, TeamAccount
from zone.specs.environment import Environment, IdentityCenterSignIn
from zone.specs.tree import Specs


@dataclass(frozen=True, kw_only=True)
class AssignmentPlan:
    """One person's way into one team's account."""

    account: str
    """Account key of the team."""

    persona: str
    """Role name of the persona, e.g. data-scientist."""

    user_id: str
    """The person in Identity Center's directory."""


@dataclass(frozen=True, kw_only=True)
class PortalPlan:
    """What Identity Center gives to people who open an IAM domain."""

    instance_arn: str
    """Instance of Identity Center; empty until `./mlz people --write` has recorded it."""

    region: str
    """Its region; empty likewise."""

    regions: tuple[str, ...]
    """Regions of the domains that are opened; none: nobody needs the portal's rights."""

    assignments: Mapping[str, AssignmentPlan]
    """By account key and profile name, e.g. dev-fraud-ana-silva."""

    users: Mapping[str, str]
    """Recorded ids in the directory by user name."""

    unrecorded: tuple[str, ...]
    """Members whose id in the directory is not recorded, by user name: the portal shows them no account yet."""


def portal(specs: Specs, lock: Lock) -> PortalPlan:
    """Decide who gets which permission set in which account."""
    ids = lock.ids.identity_center
    users = ids.users if ids else {}
    people = list(_people(specs))
    return PortalPlan(
        instance_arn=ids.instance if ids else "",
        region=ids.region if ids else "",
        regions=tuple(sorted({environment.region for _, _, _, environment in people})),
        assignments={
            f"{key}-{name}": AssignmentPlan(
                account=key, persona=names.PERSONA_ROLES[member.persona], user_id=users[member.sign_in]
            )
            for key, name, member, _ in people
            if member.sign_in in users
        },
        users=users,
        unrecorded=tuple(sorted({member.sign_in for _, _, member, _ in people} - set(users))),
    )


def _people(specs: Specs) -> Iterator[tuple[str, str, Member, Environment]]:
    """Yield account key, profile name, member and environment of everybody who opens Studio from the portal."""
    for key, spec in specs.accounts.items():
        if isinstance(spec, TeamAccount):
            environment = specs.environments[specs.folder(key)]
            if isinstance(environment.sign_in, IdentityCenterSignIn):
                for name, member in spec.members.items():
                    if not member.left:
                        yield key, name, member, environment
