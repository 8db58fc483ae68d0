"""Pure: whom guardrails hold. They are written for the whole organisation; which part of it is ours is decided here."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from zone import names
from zone.guardrails.enforcement import Guardrail
from zone.specs.environment import GuardrailTargets


def placed(
    guardrails: Sequence[Guardrail], targets: GuardrailTargets, homes: Mapping[str, str]
) -> tuple[Guardrail, ...]:
    """Attach what is written for everybody to what is ours.

    Args:
        guardrails: their targets are "root", OU paths and account keys.
        targets: what ours is: everything, the units of our accounts, or the accounts alone.
        homes: OU path by account key.
    """
    if targets is GuardrailTargets.ROOT:
        return tuple(guardrails)
    units = sorted(set(homes.values()))

    def ours(target: str) -> Sequence[str]:
        if targets is GuardrailTargets.UNITS:
            return units if target == "root" else [target]
        inside = [key for key, home in sorted(homes.items()) if target == "root" or within(home, target)]
        # The unit of retired accounts is ours, and no account with a file is in it.
        return [target] if target in homes or target == names.SUSPENDED else inside

    return tuple(
        replace(each, targets=tuple(dict.fromkeys(found for target in each.targets for found in ours(target))))
        for each in guardrails
    )


def within(path: str, unit: str) -> bool:
    """Whether the OU *path* is *unit* or lies under it."""
    return f"{path}/".startswith(f"{unit}/")
