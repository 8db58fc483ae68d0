"""A question about the own plan as a case for the evaluator: may this role of a stack do that to this resource?

The role's policies and the resource's are those the stacks would register (checks/record.py); the guardrails are the
plan's. What only a real request knows is put as a call from within the role's network, unless asked otherwise.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Final

from checks.access import Caller, PolicyKind, Target, compile_policy, principal, request
from checks.access.lines import Case
from checks.access.sides import Named
from checks.own_network import QuestionError, from_within, hub_of, way
from checks.record import Recorded, Recording, record
from stacks.build import build
from zone.guardrails.enforcement import PolicyType
from zone.guardrails.packing import text
from zone.names import UNASSIGNED_ORGANIZATION
from zone.plan.account import AccountPlan
from zone.plan.zone import ZonePlan

ANYTHING: Final = json.dumps(
    {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
)


@dataclass(frozen=True, kw_only=True)
class Question:
    """Who asks for what."""

    stack: str
    """Stack of the role."""

    role: str
    """The role's name, or its end: data-scientist for mlz-data-scientist."""

    action: str
    """Such as s3:GetObject."""

    resource: str
    """ARN; for a key also its alias, alias/mlz/dev-fraud/data."""

    context: Mapping[str, str] = field(default_factory=dict)
    """Condition keys; they win over what is filled in."""

    outside: bool = False
    """Whether the call comes from outside any network of the organisation."""


Recordings = Callable[[str], Recording]
"""What a stack would register, by its name."""


def case_of(zone: ZonePlan, asked: Question, recordings: Recordings | None = None) -> Case:
    """Return the case that answers *asked*.

    Args:
        zone: the plan.
        asked: the question.
        recordings: for who asks much: what the stacks would register, recorded once. If not given, recorded anew.

    Raises:
        QuestionError: no such stack or role, or the service is not reached from the role's network.
        ValueError: action or resource are malformed.
    """
    account = _account(zone, asked.stack)
    recorded = recordings or (lambda stack: _recording(zone, stack))
    region = _region(account, asked.resource)
    recording = there(recorded(account.stack), account, region)
    role = _role(recording, asked)
    owner = _owner(zone, asked.resource) or account
    theirs = recording if owner is account else there(recorded(owner.stack), owner, region)
    resource, policy = resource_of(theirs, asked.resource)
    endpoint, where = None, account
    if not asked.outside:
        hub = hub_of(zone, account)
        endpoint, where = way(recording, account, asked.action, (recorded(hub.stack), hub) if hub else None)
    organization_id = zone.organization.organization_id or UNASSIGNED_ORGANIZATION
    context = {
        "aws:RequestedRegion": region,
        "aws:SecureTransport": "true",
        "aws:PrincipalOrgID": organization_id,
        "aws:ResourceOrgID": organization_id,
        **{f"aws:PrincipalTag/{key}": value for key, value in account.tags.items()},
        **(from_within(endpoint, where, organization_id) if endpoint else {}),
        **asked.context,
    }
    who = str(role.outputs["arn"])
    return Case(
        request(who, asked.action, resource, resource_account=owner.account_id, context=context),
        Caller(
            principal(who),
            identity=_identity(recording, role),
            boundaries=_managed(recording, [str(role.inputs["permissionsBoundary"])])
            if role.inputs.get("permissionsBoundary")
            else (),
            service_control=guardrails_over(zone, account, PolicyType.SERVICE_CONTROL, PolicyKind.SERVICE_CONTROL),
            endpoints=_policy_of(endpoint, PolicyKind.ENDPOINT) if endpoint else (),
            management_account=zone.organization.management_account_id,
        ),
        Target(
            policy=next(iter(_policy_of(policy, PolicyKind.RESOURCE)), None) if policy else None,
            resource_control=guardrails_over(zone, owner, PolicyType.RESOURCE_CONTROL, PolicyKind.RESOURCE_CONTROL),
            management_account=zone.organization.management_account_id,
        ),
    )


def _account(zone: ZonePlan, stack: str) -> AccountPlan:
    """The account that a stack fills."""
    found = {each.stack: each for each in accounts_of(zone)}
    if stack not in found:
        raise QuestionError(
            f"no stack {stack!r} with roles of its own{_likely(stack, found)}; there are {_list(found)}"
        )
    return found[stack]


def accounts_of(zone: ZonePlan) -> list[AccountPlan]:
    """The accounts that stacks fill."""
    teams = [team.account for team in zone.teams.values()]
    return [*teams, *(platform.account for platform in zone.platforms.values())]


def _owner(zone: ZonePlan, resource: str) -> AccountPlan | None:
    """The account of ours that owns *resource*: the one its ARN names, or whose id ends a bucket's name."""
    name = resource.split("/", 1)[0]
    accounts = accounts_of(zone)
    return next(
        (each for each in accounts if f":{each.account_id}:" in resource or name.endswith(each.account_id)), None
    )


def _region(account: AccountPlan, resource: str) -> str:
    """The region in which *resource* is asked for: a further one where its ARN or its bucket's name says so."""
    place, bucket = resource.split(":")[3:4], resource.split("/", 1)[0]
    return next((each for each in account.further_regions if each in place or f"-{each}-" in bucket), account.region)


def _recording(zone: ZonePlan, stack: str) -> Recording:
    return record(lambda: build(zone, stack), stack=stack)


def there(recorded: Recording, account: AccountPlan, region: str) -> Recording:
    """What the account's stack makes in *region*, and what an account has once."""
    kept = [
        each
        for each in recorded.resources
        if not each.type.startswith("aws:")
        or each.type.startswith("aws:iam/")
        or (each.inputs.get("region") or account.region) == region
    ]
    return Recording(kept, recorded.exports)


def _role(recording: Recording, asked: Question) -> Recorded:
    roles = {str(each.inputs["name"]): each for each in recording.of("aws:iam/role:Role")}
    wanted = asked.role.rsplit("/", 1)[-1]
    found = roles.get(wanted) or roles.get(f"mlz-{wanted}")
    if found is None:
        raise QuestionError(
            f"{asked.stack} makes no role {asked.role!r}{_likely(wanted, roles)}; there are {_list(roles)}"
        )
    return found


def _identity(recording: Recording, role: Recorded) -> tuple[Named, ...]:
    """The role's own policies."""
    name = role.inputs["name"]
    attached = [
        str(each.inputs["policyArn"])
        for each in recording.of("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
        if each.inputs["role"] == name
    ]
    inline = [each for each in recording.of("aws:iam/rolePolicy:RolePolicy") if each.inputs["role"] == name]
    return (
        *_managed(recording, attached),
        *(named for each in inline for named in _policy_of(each, PolicyKind.IDENTITY)),
    )


def _managed(recording: Recording, arns: Iterable[str]) -> tuple[Named, ...]:
    policies = {each.outputs["arn"]: each for each in recording.of("aws:iam/policy:Policy")}
    return tuple(named for arn in arns for named in _policy_of(policies[arn], PolicyKind.IDENTITY))


def _policy_of(resource: Recorded, kind: PolicyKind) -> tuple[Named, ...]:
    """The policy that *resource* holds or is; none where AWS's default stands, which allows all."""
    source = next(
        (resource.inputs[key] for key in ("policy", "assumeRolePolicy", "resourcePolicy") if resource.inputs.get(key)),
        None,
    )
    name = str(resource.inputs.get("name") or resource.name)
    return ((name, compile_policy(source, kind, name)),) if source else ()


def resource_of(recording: Recording, asked: str) -> tuple[str, Recorded | None]:
    """The ARN of what is asked for, and what holds its own policy."""
    for alias in recording.of("aws:kms/alias:Alias"):
        if asked == alias.inputs["name"] or asked.endswith(f":{alias.inputs['name']}"):
            keys = {each.outputs["id"]: each for each in recording.of("aws:kms/key:Key")}
            key = keys[alias.inputs["targetKeyId"]]
            return str(key.outputs["arn"]), key
    if asked.startswith("arn:aws:s3:::"):
        name = asked.removeprefix("arn:aws:s3:::").split("/", 1)[0]
        found = [each for each in recording.of("aws:s3/bucketPolicy:BucketPolicy") if each.inputs["bucket"] == name]
        return asked, next(iter(found), None)
    # A version of a model answers by its group's policy.
    group = _VERSION.sub(r":model-package-group/\1", asked)
    for type_, named_by in _WITH_POLICY.items():
        for each in recording.of(type_):
            if group.endswith(f"/{str(each.inputs[named_by]).rsplit('/', 1)[-1]}") and _KIND[type_] in group:
                return asked, each
    return asked, None


_WITH_POLICY: Final = {
    "aws:ecr/repositoryPolicy:RepositoryPolicy": "repository",
    "aws:iam/role:Role": "name",
    "aws:sagemaker/modelPackageGroupPolicy:ModelPackageGroupPolicy": "modelPackageGroupName",
}
"""Types that hold a resource's policy → the input that names the resource."""
_KIND: Final = dict(zip(_WITH_POLICY, (":repository/", ":role/", ":model-package-group/"), strict=True))
"""Part of such a resource's ARN."""
_VERSION: Final = re.compile(r":model-package/([^/]+)/\d+$")


def guardrails_over(
    zone: ZonePlan, account: AccountPlan, type_: PolicyType, kind: PolicyKind
) -> tuple[tuple[str, tuple[Named, ...]], ...]:
    """The guardrails over *account*, from the root down; AWS attaches one of its own to each level that allows all."""
    parts = account.organizational_unit.split("/")
    levels = ["root", *("/".join(parts[: place + 1]) for place in range(len(parts))), account.key]
    free = ("FullAWSAccess", compile_policy(ANYTHING, kind)) if kind is PolicyKind.SERVICE_CONTROL else None
    return tuple(
        (
            level,
            (
                *((free,) if free else ()),
                *(
                    (policy.key, compile_policy(text(policy.document), kind, policy.key))
                    for policy in zone.organization.policies
                    if policy.type is type_ and level in policy.targets
                ),
            ),
        )
        for level in levels
    )


def _likely(word: str, known: Iterable[str]) -> str:
    found = get_close_matches(word, list(known), 1)
    return f" (did you mean {found[0]!r}?)" if found else ""


def _list(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
