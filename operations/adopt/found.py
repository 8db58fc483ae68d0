"""What an organisation consists of, read from its management account. Nothing is changed, no account is entered."""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import boto3
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

from zone.facts import facts

_RIGHTS: Final = (
    "it takes credentials of the management account with organizations:Describe* and List*, sso:ListInstances "
    "and DescribeInstanceAccessControlAttributeConfiguration, controltower:List* and Get*"
)
_POLICIES: Final = ("SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY")
_TOWER: Final = "controltower.amazonaws.com"
_NOT_SET_UP: Final = frozenset({"AccessDeniedException", "ResourceNotFoundException", "ValidationException"})
"""How Control Tower's API answers in a region, or for a unit, of which it knows nothing."""


class AdoptError(Exception):
    """The organisation could not be read; the message says why and what to do."""


@dataclass(frozen=True, kw_only=True)
class Account:
    """A member account."""

    id: str
    name: str
    email: str
    unit: str
    """Path of its OU; empty: the root."""
    status: str


@dataclass(frozen=True, kw_only=True)
class Attached:
    """A policy that somebody attached before us."""

    id: str
    name: str
    type: str
    where: tuple[str, ...]
    """Paths of OUs, `root`, or account ids."""
    statements: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, kw_only=True)
class Tower:
    """Control Tower's landing zone."""

    version: str
    region: str
    controls: Mapping[str, tuple[str, ...]]
    """Controls by unit; no unit without any."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """The organisation."""

    id: str
    management_account: str
    all_features: bool
    root: str
    policy_types: tuple[str, ...]
    services: tuple[str, ...]
    """Services with trusted access."""
    units: Mapping[str, str]
    """Id by path."""
    accounts: tuple[Account, ...]
    """Without the management account."""
    policies: tuple[Attached, ...]
    tower: Tower | None
    attributes: bool
    """Whether Identity Center has attributes for access control."""
    tags: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Tags by id, of the accounts asked for."""


def look(regions: Collection[str], wanted: Collection[str]) -> Found:
    """Read the organisation that the credentials belong to.

    Args:
        regions: where Control Tower may be.
        wanted: e-mails, ids and unit paths of accounts whose tags matter; nothing else is read of the others.

    Raises:
        AdoptError: no credentials, no organisation, not its management account, or AWS refuses.
    """
    try:
        return _looked(boto3.Session(), regions, wanted)
    except NoCredentialsError as error:
        raise AdoptError("no AWS credentials; sign in to the management account (aws sso login)") from error
    except (BotoCoreError, ClientError) as error:
        if "AWSOrganizationsNotInUseException" in str(error):
            raise AdoptError(
                "the account is in no organisation: there is nothing to adopt, `./mlz up org` makes one"
            ) from error
        raise AdoptError(f"{error}; {_RIGHTS}") from error


def _looked(session: boto3.Session, regions: Collection[str], wanted: Collection[str]) -> Found:
    client = session.client("organizations", region_name="us-east-1")
    described = client.describe_organization()["Organization"]
    signed_in = session.client("sts", region_name=next(iter(regions))).get_caller_identity()["Account"]
    if signed_in != (management := described["MasterAccountId"]):
        raise AdoptError(f"the credentials are of account {signed_in}; sign in to the management account {management}")
    root = next(iter(_all(client, "list_roots", "Roots")))
    units = dict(_units(client, root["Id"], ""))
    accounts = tuple(
        Account(id=each["Id"], name=each["Name"], email=each["Email"], unit=path, status=each["Status"])
        for path, unit_id in {"": root["Id"], **units}.items()
        for each in _all(client, "list_accounts_for_parent", "Accounts", ParentId=unit_id)
        if each["Id"] != management
    )
    services = tuple(
        each["ServicePrincipal"]
        for each in _all(client, "list_aws_service_access_for_organization", "EnabledServicePrincipals")
    )
    types = tuple(each["Type"] for each in root["PolicyTypes"] if each["Status"] == "ENABLED")
    places = {root["Id"]: "root", **{unit_id: path for path, unit_id in units.items()}}
    return Found(
        id=described["Id"],
        management_account=management,
        all_features=described["FeatureSet"] == "ALL",
        root=root["Id"],
        policy_types=types,
        services=services,
        units=units,
        accounts=accounts,
        policies=tuple(_policies(client, types, places)),
        tower=_tower(session, regions, described, units) if _TOWER in services else None,
        attributes=_attributes(session, regions),
        tags={
            each.id: {
                tag["Key"]: tag["Value"] for tag in _all(client, "list_tags_for_resource", "Tags", ResourceId=each.id)
            }
            for each in accounts
            if {each.id, each.email.lower(), each.unit} & set(wanted)
        },
    )


def _units(client: Any, parent: str, path: str) -> Iterator[tuple[str, str]]:
    """Every unit's path and id, parents first."""
    for each in _all(client, "list_organizational_units_for_parent", "OrganizationalUnits", ParentId=parent):
        own = f"{path}/{each['Name']}".lstrip("/")
        yield own, each["Id"]
        yield from _units(client, each["Id"], own)


def _policies(client: Any, types: Collection[str], places: Mapping[str, str]) -> Iterator[Attached]:
    """What others attached, AWS's own FullAWSAccess left out."""
    for kind in _POLICIES:
        for each in _all(client, "list_policies", "Policies", Filter=kind) if kind in types else ():
            if each["AwsManaged"]:
                continue
            targets = _all(client, "list_targets_for_policy", "Targets", PolicyId=each["Id"])
            content = json.loads(client.describe_policy(PolicyId=each["Id"])["Policy"]["Content"])
            statements = content["Statement"]
            yield Attached(
                id=each["Id"],
                name=each["Name"],
                type=kind,
                where=tuple(sorted(places.get(target["TargetId"], target["TargetId"]) for target in targets)),
                statements=tuple(statements if isinstance(statements, list) else [statements]),
            )


def _tower(
    session: boto3.Session, regions: Collection[str], organization: Mapping[str, str], units: Mapping[str, str]
) -> Tower | None:
    """Control Tower answers in its home region only."""
    arn = organization["Arn"]  # arn:aws:organizations::ACCOUNT:organization/o-…
    place, _, organization_id = arn.rpartition("/")
    known = {each["control"] for each in facts("control_tower")["controls"]}
    for region in regions:
        client = session.client("controltower", region_name=region)
        try:
            zones = client.list_landing_zones()["landingZones"]
        except ClientError as error:
            if error.response["Error"]["Code"] in _NOT_SET_UP:
                continue
            raise
        if not zones:
            continue
        version = client.get_landing_zone(landingZoneIdentifier=zones[0]["arn"])["landingZone"]["version"]
        controls = {}
        for path, unit_id in units.items():
            target = f"{place.removesuffix('organization')}ou/{organization_id}/{unit_id}"
            try:
                listed = [*_all(client, "list_enabled_controls", "enabledControls", targetIdentifier=target)]
            except ClientError as error:
                if error.response["Error"]["Code"] in _NOT_SET_UP:
                    continue  # the unit is not registered
                raise
            names = {each["controlIdentifier"].rpartition("/")[2] for each in listed}
            if names & known:
                controls[path] = tuple(sorted(names & known))
        return Tower(version=version, region=region, controls=controls)
    return Tower(version="", region="", controls={})


def _attributes(session: boto3.Session, regions: Collection[str]) -> bool:
    """Identity Center keeps one list of them, which the org stack would otherwise make."""
    for region in regions:
        client = session.client("sso-admin", region_name=region)
        for each in client.list_instances()["Instances"]:
            try:
                client.describe_instance_access_control_attribute_configuration(InstanceArn=each["InstanceArn"])
            except client.exceptions.ResourceNotFoundException:
                continue
            return True
    return False


def _all(client: Any, operation: str, member: str, **given: object) -> Iterator[Any]:
    """All items of a list call."""
    for page in client.get_paginator(operation).paginate(**given):
        yield from page[member]
