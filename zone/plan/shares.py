"""Declared shares: the only way data crosses accounts. An owner declares a share; nothing else makes one."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from zone.plan.account import AccountPlan
from zone.specs.account import Account, TeamAccount
from zone.specs.offers import shared
from zone.specs.tree import Specs


@dataclass(frozen=True, kw_only=True)
class Share:
    """A declared right of one team on another team's data; the only way data crosses accounts."""

    name: str
    """Data set or feature group."""

    kind: str
    """dataset, offline (feature group's offline store) or online (its online store)."""

    owner: str
    """Account key of the owner."""

    owner_account_id: str
    """Account id of the owner."""

    reader: str
    """Account key of the reader."""

    reader_account_id: str
    """Account id of the reader."""


@dataclass(frozen=True, kw_only=True)
class Shares:
    """All shares from both sides."""

    owned_by: Mapping[str, tuple[Share, ...]]
    """By the owner's account key."""

    read_by: Mapping[str, tuple[Share, ...]]
    """By the reader's account key."""


def declared_shares(specs: Specs, accounts: Mapping[str, AccountPlan]) -> Shares:
    """Collect what the teams declare; specs without problems name only teams that exist."""
    owned_by, read_by = defaultdict[str, list[Share]](list), defaultdict[str, list[Share]](list)
    for key, spec in specs.accounts.items():
        if not isinstance(spec, TeamAccount):
            continue
        for kind, name, team in shared(spec):
            reader = accounts[f"{accounts[key].environment}-{team}"]
            if kind == "dataset" and not _reads(specs.accounts[reader.key], f"{specs.stem(key)}/{name}"):
                continue  # offered, not taken: nobody gets a right it did not ask for
            share = Share(
                name=name,
                kind=kind,
                owner=key,
                owner_account_id=accounts[key].account_id,
                reader=reader.key,
                reader_account_id=reader.account_id,
            )
            owned_by[key].append(share)
            read_by[reader.key].append(share)
    return Shares(
        owned_by={key: tuple(found) for key, found in owned_by.items()},
        read_by={key: tuple(found) for key, found in read_by.items()},
    )


def _reads(reader: Account, dataset: str) -> bool:
    """Whether the reader asks for the data set."""
    return isinstance(reader, TeamAccount) and dataset in reader.reads
