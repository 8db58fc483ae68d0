"""Accounts of the organisation that are not ours: whom our guardrails would hold, and what would stop there."""

from collections.abc import Iterator

from zone.guardrails.targets import within
from zone.plan.adopted import Stranger, named
from zone.plan.lock import Lock
from zone.specs.environment import GuardrailTargets
from zone.specs.problems import Problem
from zone.specs.tree import ORG, Specs


def stranger_problems(specs: Specs, lock: Lock) -> Iterator[Problem]:
    """Yield each unit of ours that holds accounts of others; the root is a choice of its own."""
    if specs.organization.guardrails.targets is not GuardrailTargets.UNITS:
        return
    used = {specs.folder(key) for key in specs.accounts}
    places = {name: each.organizational_unit for name, each in specs.environments.items() if name in used}
    if ORG in used:
        places[ORG] = specs.organization.organizational_unit
    for name, unit in sorted(places.items()):
        if inside := strangers(lock, unit):
            text = (
                f"holds accounts that have no file here, and guardrails would hold them too, got {unit} with "
                f"{named(inside)}; allowed: a unit for our accounts alone, guardrails: {{targets: accounts}} in "
                "org/environment.yaml, or a file for each account (./mlz adopt)"
            )
            yield specs.sources[name].problem(("organizational_unit",), text)


def strangers(lock: Lock, unit: str = "") -> dict[str, Stranger]:
    """Return the recorded accounts of others under *unit*; all where it is empty."""
    adopted = lock.ids.organization.adopted
    others = adopted.others if adopted else {}
    return {key: other for key, other in others.items() if not unit or within(other.unit, unit)}
