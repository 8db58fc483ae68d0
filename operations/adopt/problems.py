"""Pure: what is in the way of an adoption, each with its remedy."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from operations.adopt.found import Account, Found
from zone.facts import facts
from zone.plan.lock import Lock
from zone.specs.tree import ORG, Specs

KINDS: Final = {f"{ORG}-logs": "logs", f"{ORG}-security": "security"}
"""Keys of the organisation's own accounts."""


def of_organisation(found: Found, specs: Specs, lock: Lock) -> Iterator[str]:
    """Yield what must be mended before anything is adopted."""
    spec, recorded = specs.organization, lock.ids.organization.id
    if spec.management_account_id != found.management_account:
        yield f'org/environment.yaml: management_account_id: write "{found.management_account}", as AWS has it'
    if recorded and recorded != found.id:
        yield f"ids.lock.yaml records organisation {recorded}, AWS has {found.id}: take the examples' ids out of it"
    elif recorded and not lock.ids.organization.adopted:
        yield (
            "the org stack made this organisation, as ids.lock.yaml says: there is nothing to adopt. Only where its "
            "state is lost: take `id` out of `organization` in that file, then this again"
        )
    if not found.all_features:
        yield (
            "the organisation has consolidated billing only, so AWS takes no policy there: enable all features first "
            "(aws organizations enable-all-features), each invited account agrees"
        )
    if found.tower and spec.account_factory != "control_tower":
        yield (
            "Control Tower governs the organisation: write account_factory: control_tower into org/environment.yaml, "
            "so that nothing of ours makes or moves accounts (docs/control-tower.md)"
        )


def of_controls(found: Found, specs: Specs) -> Iterator[str]:
    """Yield what Control Tower refuses already, and ours would refuse again."""
    for each in facts("control_tower")["controls"]:
        on = [
            path
            for path, controls in (found.tower.controls if found.tower else {}).items()
            if each["control"] in controls
        ]
        if on and each["guardrail"] not in specs.organization.guardrails.elsewhere:
            yield (
                f"Control Tower's {each['control']} on {', '.join(on)} refuses what {each['guardrail']} does; where it "
                f"covers all our units, leave ours out: guardrails: {{elsewhere: {{{each['guardrail']}: "
                f"{each['control']}}}}}"
            )


def of_choice(found: Found, chosen: Mapping[str, str], units: Iterable[str]) -> Iterator[str]:
    """Yield what was asked for and is not there."""
    there = {account.id for account in found.accounts}
    yield from (
        f"--account {id_}={key}: the organisation has no such account"
        for id_, key in chosen.items()
        if id_ not in there
    )
    yield from (f"--unit {path}: there are {', '.join(found.units)}" for path in units if path not in found.units)


def of_account(account: Account, key: str, specs: Specs) -> Iterator[str]:
    """Yield what of a file contradicts the account, or is missing."""
    spec = specs.accounts.get(key)
    environment, _, stem = key.partition("-")
    if environment != ORG and environment not in specs.environments:
        yield f"{account.name} ({account.id}): no environment {environment!r}; a key is ENVIRONMENT-NAME: dev-fraud"
    elif spec is None and key not in specs.sources and stem != "platform" and key not in KINDS:
        yield (
            f"{environment}/{stem}.yaml is not there, and only you know its people. Write it, then run this again:\n"
            f"  ./mlz new team {stem} -e {environment} --root-email {account.email} --owner E-MAIL "
            "-m E-MAIL:data_scientist"
        )
    elif spec and spec.email.lower() != account.email.lower():
        yield (
            f"{specs.sources[key].own.file}: email: AWS has {account.email}, got {spec.email}; write what AWS has: a "
            "root e-mail is changed there, not here"
        )
    elif account.status != "ACTIVE":
        yield f"{account.name} ({account.id}) is {account.status}: only an active account becomes ours"
    unit = unit_of(key, specs)
    if spec and specs.organization.account_factory == "control_tower" and account.unit != unit:
        yield (
            f"{key} is in {account.unit or 'the root'}, its file says {unit}: move it with Control Tower's account "
            "factory, or write the unit it is in; nothing of ours moves it"
        )


def unit_of(key: str, specs: Specs) -> str:
    """Return the OU in which an account of ours is; empty: its environment has no file."""
    environment = key.partition("-")[0]
    place = specs.organization if environment == ORG else specs.environments.get(environment)
    return place.organizational_unit if place else ""
