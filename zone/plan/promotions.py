"""Declared promotions: a model of one environment that the same team deploys in a later one, seen from both sides."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from zone.specs.account import TeamAccount
from zone.specs.tree import Specs


@dataclass(frozen=True, kw_only=True)
class PromotionPlan:
    """A right of a team's later environment on a model of an earlier one; the earlier one declares it."""

    model: str
    """The model, by the same name on both sides."""

    owner: str
    """Account key of where the model is registered and approved."""

    owner_account_id: str
    """Its account id."""

    taker: str
    """Account key of where it is deployed."""

    taker_account_id: str
    """Its account id."""


def given(specs: Specs, key: str, account_id: Callable[[str], str]) -> tuple[PromotionPlan, ...]:
    """Return what the team of account *key* lets its own later environments deploy."""
    return tuple(_declared(specs, key, account_id))


def taken(specs: Specs, key: str, account_id: Callable[[str], str]) -> tuple[PromotionPlan, ...]:
    """Return what the team of account *key* may deploy of its earlier environments."""
    team = specs.stem(key)
    owners = [f"{environment}-{team}" for environment in specs.environments]
    return tuple(each for owner in owners for each in _declared(specs, owner, account_id) if each.taker == key)


def _declared(specs: Specs, owner: str, account_id: Callable[[str], str]) -> Iterator[PromotionPlan]:
    """Yield an account's declarations; specs without problems name only environments that have the model too."""
    spec = specs.accounts.get(owner)
    for model, declared in spec.models.items() if isinstance(spec, TeamAccount) else ():
        for target in declared.promote_to:
            taker = f"{target}-{specs.stem(owner)}"
            yield PromotionPlan(
                model=model,
                owner=owner,
                owner_account_id=account_id(owner),
                taker=taker,
                taker_account_id=account_id(taker),
            )
