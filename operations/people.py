"""Who is in IAM Identity Center: whether it is on, where it must be, and has everybody who needs it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import boto3
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

from zone import names
from zone.plan.lock import IdentityCenterIds
from zone.plan.zone import ZonePlan

_RIGHTS: Final = (
    "it takes credentials of the management account with sso:ListInstances, "
    "sso:DescribeInstanceAccessControlAttributeConfiguration, identitystore:GetUserId, identitystore:DescribeUser and "
    "identitystore:GetGroupId"
)
_ENABLE: Final = (
    "enable IAM Identity Center with the organisation's instance, in the management account's console (Identity Center "
    "> Enable)"
)


class PeopleError(Exception):
    """Identity Center could not be read; the message says why and what to do."""


@dataclass(frozen=True, kw_only=True)
class People:
    """What Identity Center has, and what it lacks."""

    needed: Mapping[str, tuple[str, ...]]
    """Environments that need each person, by user name."""

    found: IdentityCenterIds | None
    """The instance and the people found in it; None: it is not on, or not the organisation's."""

    problems: tuple[str, ...] = field(default=())
    """What stops people from coming in, each with its remedy."""


def people(zone: ZonePlan, report: Callable[[str], None]) -> People:
    """Look every member up who signs in by Identity Center.

    Args:
        zone: the plan; the rest of it is not asked for.
        report: told what is being read.

    Raises:
        PeopleError: no credentials, or AWS refuses.
    """
    needed = _needed(zone)
    if not needed:
        return People(needed=needed, found=None)
    try:
        return _looked_up(zone, needed, report)
    except NoCredentialsError as error:
        raise PeopleError("no AWS credentials; sign in to the management account (aws sso login)") from error
    except (BotoCoreError, ClientError) as error:
        raise PeopleError(f"{error}; {_RIGHTS}") from error


def _needed(zone: ZonePlan) -> dict[str, tuple[str, ...]]:
    """An SSO domain's members by their profile, an IAM domain's by the portal; who comes by federation is not here."""
    wanted: dict[str, tuple[str, ...]] = {}
    for team in zone.teams.values():
        if not team.trusted:
            for member in (each for each in team.members.values() if not each.left):
                before = wanted.get(member.sign_in, ())
                wanted[member.sign_in] = tuple(dict.fromkeys((*before, team.account.environment)))
    return dict(sorted(wanted.items()))


def _looked_up(zone: ZonePlan, needed: Mapping[str, tuple[str, ...]], report: Callable[[str], None]) -> People:
    organization = zone.organization
    # A domain opened by Identity Center itself must be in its region; else any region does.
    # Source: SageMaker Developer Guide, "Use custom setup for Amazon SageMaker AI", read 2026-11-29.
    sso = [team.account for team in zone.teams.values() if team.studio_auth == "SSO"]
    strict = {account.region: account.environment for account in sso}
    regions = dict.fromkeys((*strict, organization.home_region, *organization.allowed_regions))
    session = boto3.Session()
    instances: dict[str, Any] = {}
    for region in regions:
        report(f"Identity Center in {region}")
        for each in session.client("sso-admin", region_name=region).list_instances()["Instances"]:
            instances.setdefault(region, each)
    if not instances:
        return People(needed=needed, found=None, problems=(f"it is on in none of {', '.join(regions)}: {_ENABLE}",))
    region, instance = next(iter(instances.items()))
    region = instance.get("PrimaryRegion", region)
    if (owner := instance["OwnerAccountId"]) != organization.management_account_id:
        said = f"its instance belongs to account {owner} and knows no other account: {_ENABLE}"
        return People(needed=needed, found=None, problems=(said,))
    problems = [
        f"{environment}: studio_auth: SSO needs Identity Center in {there}, it is in {', '.join(instances)}: move the "
        "environment to that region, or set studio_auth: IAM"
        for there, environment in strict.items()
        if there not in instances
    ]
    problems += (
        _attributes(session.client("sso-admin", region_name=region), instance["InstanceArn"])
        if organization.portal.regions
        else []
    )
    report(f"{len(needed)} people")
    store = session.client("identitystore", region_name=region)
    users, missing = _users(store, instance["IdentityStoreId"], needed)
    groups, none = _groups(store, instance["IdentityStoreId"], zone)
    found = IdentityCenterIds(instance=instance["InstanceArn"], region=region, users=users, groups=groups)
    return People(needed=needed, found=found, problems=(*problems, *missing, *none))


def _groups(
    client: Any,
    store: str,
    zone: ZonePlan,
) -> tuple[dict[str, str], list[str]]:
    """Ids of the teams' groups by name; and which are not there.

    Source: Identity Store API Reference, GetGroupId (unique attribute displayName), read 2026-11-30.
    """
    ids, missing = {}, []
    for name in sorted({name for team in zone.teams.values() for name in team.groups}):
        unique = {"AttributePath": "displayName", "AttributeValue": name}
        try:
            answer = client.get_group_id(IdentityStoreId=store, AlternateIdentifier={"UniqueAttribute": unique})
            ids[name] = str(answer["GroupId"])
        except client.exceptions.ResourceNotFoundException:
            whose = ", ".join(stack for stack, team in zone.teams.items() if name in team.groups)
            missing.append(f"group {name} ({whose}) is not in the directory: add it, or mend its name in accounts/")
    return ids, missing


def _attributes(client: Any, instance_arn: str) -> Iterator[str]:
    """Say where the session's tag is not filled, though others are; where there are none, the org stack makes it."""
    try:
        set_up = client.describe_instance_access_control_attribute_configuration(InstanceArn=instance_arn)
    except client.exceptions.ResourceNotFoundException:
        return
    attributes = set_up["InstanceAccessControlAttributeConfiguration"]["AccessControlAttributes"]
    if {"Key": names.PERSON_TAG, "Value": {"Source": [names.PERSON_SOURCE]}} not in attributes:
        yield (
            f"its attributes for access control lack {names.PERSON_TAG}, so nobody's profile opens: add it with "
            f"the value {names.PERSON_SOURCE} (Identity Center > Settings > Attributes for access control)"
        )


def _users(
    client: Any,
    store: str,
    needed: Mapping[str, tuple[str, ...]],
) -> tuple[dict[str, str], list[str]]:
    """Ids by user name; and who is not there, or under a name that no profile has."""
    users, missing = {}, []
    for email, environments in needed.items():
        user_id = _user_id(client, store, "userName", email)
        if user_id is None:
            other = _user_id(client, store, "emails.value", email)
            remedy = f"add a user with the user name {email}"
            if other is not None:
                remedy = (
                    f"its user name is {(name := _name(client, store, other))}: write `user: {name}` for the member"
                )
            missing.append(f"{email} ({', '.join(environments)}) is not in the directory: {remedy}")
        elif (name := _name(client, store, user_id)) != email:
            missing.append(f"{email} is {name} in the directory: write it so in accounts/, for tags tell A from a")
        else:
            users[email] = user_id
    return users, missing


def _user_id(client: Any, store: str, path: str, value: str) -> str | None:
    unique = {"AttributePath": path, "AttributeValue": value}
    try:
        user_id: str = client.get_user_id(IdentityStoreId=store, AlternateIdentifier={"UniqueAttribute": unique})[
            "UserId"
        ]
    except client.exceptions.ResourceNotFoundException:
        return None
    return user_id


def _name(client: Any, store: str, user_id: str) -> str:
    name: str = client.describe_user(IdentityStoreId=store, UserId=user_id)["UserName"]
    return name
