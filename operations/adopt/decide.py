"""Pure: what of an organisation becomes ours, what that changes there, and what is to be written down."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from operations.adopt.found import Account, Attached, Found
from operations.adopt.problems import KINDS, of_account, of_choice, of_controls, of_organisation, unit_of
from zone.facts import facts
from zone.guardrails.enforcement import PolicyType
from zone.plan.adopted import Adopted, Stranger
from zone.plan.lock import Lock
from zone.plan.tags import required_tags
from zone.specs.tree import ORG, Specs
from zone.specs.vocabulary import DataClass

EC2: Final = "ec2.amazonaws.com"
"""Without its trusted access AWS takes none of our EC2 policies."""


@dataclass(frozen=True, kw_only=True)
class Ours:
    """An account that becomes ours, and what `./mlz up org` changes on it."""

    key: str
    account: Account
    changes: tuple[str, ...]
    found_now: bool
    """Whether it is not recorded yet: where it was found is kept from the first time."""


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What would be written, and what it leads to."""

    adopted: Adopted
    ours: tuple[Ours, ...]
    files: Mapping[str, Mapping[str, object]]
    """Keys to add by file; a file that is not there is written whole."""
    organisation: tuple[str, ...]
    """What changes for everybody, or must be done first."""
    doubled: Mapping[str, str]
    """Policies that are there → where they are, and which guardrail refuses the same."""
    stops: tuple[str, ...] = field(default=())
    """Why nothing is written, each with its remedy."""
    problems: tuple[str, ...] = field(default=())
    """What keeps one account out, or is to be looked at, each with its remedy."""


def decide(found: Found, specs: Specs, lock: Lock, chosen: Mapping[str, str], units: Sequence[str]) -> Decision:
    """Decide what becomes ours.

    Args:
        found: the organisation.
        specs: the files; accounts that are there and have the root e-mail of one are ours.
        lock: what is recorded.
        chosen: account id → key, as the user said.
        units: paths of OUs whose accounts are ours.
    """
    stops = [*of_organisation(found, specs, lock), *of_choice(found, chosen, units)]
    keys, wrong = _keys(found, specs, chosen, units)
    recorded = {entry.id: key for key, entry in lock.ids.accounts.items() if entry.id and not entry.retired}
    ours, files = [], {}
    for account in found.accounts:
        key = keys.get(account.id) or recorded.get(account.id)
        if key is None:
            continue
        said = [*of_account(account, key, specs)]
        wrong += said
        if not said:
            files.update(_files(account, key, specs, found.tags.get(account.id, {})))
            changes = tuple(_changes(account, key, specs, found.tags.get(account.id, {})))
            entry = lock.ids.accounts.get(key)
            first = lock.ids.organization.adopted is None or not (entry and entry.id)
            ours.append(Ours(key=key, account=account, changes=changes, found_now=first))
    own = {each.account.id for each in ours}
    others = {a.id: Stranger(name=a.name, unit=a.unit) for a in found.accounts if a.id not in own}
    before = lock.ids.organization.adopted
    theirs = before is None or specs.organization.account_factory == "control_tower"
    adopted = Adopted(
        root=found.root,
        # Set after the first time, the org stack may have set them.
        attributes=before.attributes if before else found.attributes,
        policy_types=before.policy_types if before else found.policy_types,
        # What came after the first time, the org stack may have made.
        units=dict(found.units) if theirs or before is None else before.units,
        others=others,
    )
    return Decision(
        adopted=adopted,
        ours=tuple(ours),
        files=files,
        organisation=tuple(_for_everybody(found)),
        doubled={
            f"{each.name} ({each.id})": _beside(each) for each in found.policies if not each.name.startswith("mlz-")
        },
        stops=tuple(stops),
        problems=(*of_controls(found, specs), *wrong),
    )


def _keys(
    found: Found, specs: Specs, chosen: Mapping[str, str], units: Sequence[str]
) -> tuple[dict[str, str], list[str]]:
    """Account id → key: as said, by the root e-mail of a file, or by the name where its unit was chosen."""
    by_email = {spec.email.lower(): key for key, spec in specs.accounts.items()}
    environments = {each.organizational_unit: name for name, each in specs.environments.items()}
    environments[specs.organization.organizational_unit] = ORG
    keys, problems = dict(chosen), []
    for account in found.accounts:
        if account.id in keys:
            continue
        if account.email.lower() in by_email:
            keys[account.id] = by_email[account.email.lower()]
        elif account.unit in units:
            environment = environments.get(account.unit)
            if environment is None:
                problems.append(
                    f"{account.name} ({account.id}): no environment has organizational_unit: {account.unit}; write "
                    "ENVIRONMENT/environment.yaml first"
                )
            else:
                keys[account.id] = f"{environment}-{stem_of(account.name, environment)}"
    return keys, problems


def stem_of(name: str, environment: str) -> str:
    """Make a file's stem of an account's name: Fraud (Dev) in dev becomes fraud."""
    words = [word for word in re.findall(r"[a-z0-9]+", name.lower()) if word != environment]
    return "-".join(words).lstrip("0123456789-")[:21].rstrip("-") or "account"


def _files(account: Account, key: str, specs: Specs, tags: Mapping[str, str]) -> dict[str, dict[str, object]]:
    """What the account's file lacks: its name and tags as they are; core and platform accounts get a whole file."""
    spec, organization = specs.accounts.get(key), specs.organization
    environment, _, stem = key.partition("-")
    lacks: dict[str, object] = {}
    if spec is None:
        lacks = {
            "kind": KINDS.get(key, "platform"),
            "owner": organization.owner,
            "cost_centre": organization.cost_centre,
            "email": account.email,
        }
    if organization.account_factory == "organizations":  # else nothing of ours changes either
        kept = {name: value for name, value in tags.items() if not name.startswith("mlz:")}
        if account.name != key and not (spec and spec.account_name):
            lacks["account_name"] = account.name
        if kept and not (spec and spec.account_tags):
            lacks["account_tags"] = kept
    return {f"{environment}/{stem}.yaml": lacks} if lacks else {}


def _changes(account: Account, key: str, specs: Specs, tags: Mapping[str, str]) -> Iterator[str]:
    """What `up org` changes on the account, one by one: it moves to its unit and gets our tags; name and tags stay."""
    if specs.organization.account_factory == "control_tower":
        return
    unit, spec = unit_of(key, specs), specs.accounts.get(key)
    if spec and spec.account_name and spec.account_name != account.name:
        yield f"~ name {account.name} -> {spec.account_name}"
    if account.unit != unit:
        yield f"~ moves from {account.unit or 'the root'} to {unit}"
    environment, organization = key.partition("-")[0], specs.organization
    ours = required_tags(
        owner=spec.owner if spec else organization.owner,
        cost_centre=spec.cost_centre if spec else organization.cost_centre,
        environment=environment,
        account=key,
        data_class=spec.data_class if spec else DataClass.INTERNAL,
    )
    for name, value in ours.items():
        if name not in tags:
            yield f"+ tag {name} = {value}"
        elif tags[name] != value:
            yield f"~ tag {name} {tags[name]} -> {value}"


def _for_everybody(found: Found) -> Iterator[str]:
    """Settings of the whole organisation that `up org` changes, or needs."""
    lacking = [each.value for each in PolicyType if each.value not in found.policy_types]
    if lacking:
        yield f"+ policy types {', '.join(lacking)} (those that are on stay on)"
    if EC2 not in found.services:
        yield (
            "first, by you: aws organizations enable-aws-service-access --service-principal ec2.amazonaws.com "
            "(our EC2 policies need it; other trusted services stay as they are)"
        )


def _beside(policy: Attached) -> str:
    """Where a policy is, and what of it ours double."""
    controls = {each["sid"]: each["guardrail"] for each in facts("control_tower")["controls"]}
    double = sorted({controls[str(s.get("Sid"))] for s in policy.statements if str(s.get("Sid")) in controls})
    where = ", ".join(policy.where) or "nothing"
    return f"on {where}" + (f"; refuses what {', '.join(double)} does" if double else "")
