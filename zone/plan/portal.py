"""Who opens Studio from Identity Center's portal: the members of environments that say `by: identity_center`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from zone import names
from zone.plan.lock import Lock
from zone.specs.account import TeamAccount
from zone.specs.environment import IdentityCenterSignIn
from zone.specs.tree import Specs
from zone.specs.vocabulary import Persona


@dataclass(frozen=True, kw_only=True)
class AssignmentPlan:
    """One person's or group's way into one team's account."""

    account: str
    """Account key of the team."""

    persona: str
    """Role name of the persona, e.g. data-scientist."""

    principal_id: str
    """The person or the group in Identity Center's directory."""

    principal_type: str = "USER"
    """USER or GROUP."""


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

    groups: Mapping[str, str]
    """Recorded ids of groups by name."""

    unrecorded: tuple[str, ...]
    """Members and groups whose id in the directory is not recorded: the portal shows them no account yet."""


def portal(specs: Specs, lock: Lock) -> PortalPlan:
    """Decide who gets which permission set in which account."""
    ids = lock.ids.identity_center
    users, groups = (ids.users, ids.groups) if ids else ({}, {})
    ways = [(way, users if way.principal_type == "USER" else groups) for way in _ways(specs)]
    return PortalPlan(
        instance_arn=ids.instance if ids else "",
        region=ids.region if ids else "",
        regions=tuple(sorted({specs.environments[specs.folder(way.account)].region for way, _ in ways})),
        assignments={
            way.key: AssignmentPlan(
                account=way.account,
                persona=names.PERSONA_ROLES[way.persona],
                principal_id=known[way.name],
                principal_type=way.principal_type,
            )
            for way, known in ways
            if way.name in known
        },
        users=users,
        groups=groups,
        unrecorded=tuple(sorted({way.name for way, known in ways if way.name not in known})),
    )


@dataclass(frozen=True, kw_only=True)
class _Way:
    """Who comes into an account as whom."""

    key: str
    account: str
    persona: Persona
    principal_type: str
    name: str


def _ways(specs: Specs) -> Iterator[_Way]:
    """Yield every way into Studio from the portal: a group's, else each member's own."""
    for key, spec in specs.accounts.items():
        if not isinstance(spec, TeamAccount):
            continue
        if not isinstance(specs.environments[specs.folder(key)].sign_in, IdentityCenterSignIn):
            continue
        for group, persona in spec.groups.items():
            yield _Way(key=f"{key}-group-{group}", account=key, persona=persona, principal_type="GROUP", name=group)
        for name, member in spec.members.items():
            if not member.left and member.persona not in spec.groups.values():
                way = f"{key}-{name}"
                yield _Way(key=way, account=key, persona=member.persona, principal_type="USER", name=member.sign_in)
