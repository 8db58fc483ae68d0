"""Specs against ids.lock.yaml: what is recorded stays true, and nothing vanishes unsaid."""

from collections.abc import Iterator
from ipaddress import IPv4Network
from itertools import pairwise

from zone.plan.lock import HUB, Lock
from zone.specs.problems import Problem
from zone.specs.tree import ORG, Specs


def lock_problems(specs: Specs, lock: Lock) -> Iterator[Problem]:
    """Yield all contradictions between the specs and what is recorded."""
    yield from _presence(specs, lock)
    yield from _ids(specs, lock)
    yield from _blocks(specs, lock)


def _presence(specs: Specs, lock: Lock) -> Iterator[Problem]:
    """A file that vanished must not close an account, and a closed account has no file."""
    for key, entry in lock.ids.accounts.items():
        source = specs.sources.get(key)
        if source and entry.retired:
            text = f"retired on {entry.retired}, but {source.own.file} is there: remove the file, or `retired` here"
            yield lock.source.problem(("accounts", key, "retired"), text)
        elif entry.id and not entry.retired and not source:
            file = f"{key.replace('-', '/', 1)}.yaml"
            text = (
                f"account {entry.id} exists, but its file {file} is gone: restore it; to give the account up, then "
                f"`./mlz retire {key}`. If nothing of ours is left in it, add `retired: <date>` here"
            )
            yield lock.source.problem(("accounts", key), text)


def _ids(specs: Specs, lock: Lock) -> Iterator[Problem]:
    """An account id belongs to one account."""
    first = {specs.organization.management_account_id: "the management account"}
    for key, entry in lock.ids.accounts.items():
        if entry.id:
            other = first.setdefault(entry.id, key)
            if other != key:
                yield lock.source.problem(
                    ("accounts", key, "id"), f"also the id of {other}, got {entry.id}; allowed: one account an id"
                )


def _blocks(specs: Specs, lock: Lock) -> Iterator[Problem]:
    """Recorded blocks overlap neither each other nor the networks on premises."""
    recorded = sorted((block, key) for key, block in lock.ids.blocks.items())
    for (block, key), (later, other) in pairwise(recorded):
        if block.overlaps(later):
            yield _overlap(lock, {key: block, other: later})
    for place, network in enumerate(specs.organization.on_premises):
        for block, key in recorded:
            if network.overlaps(block):
                text = (
                    f"overlaps {block}, recorded for {key}, got {network}; "
                    f"a network never changes its block: make a new account for {key} and retire this one"
                )
                yield specs.sources[ORG].problem(("on_premises", place), text)


def _overlap(lock: Lock, blocks: dict[str, IPv4Network]) -> Problem:
    """Two accounts have one block, of two branches for instance: one gives way that no account has yet."""
    unmade = [key for key in blocks if not lock.ids.accounts[key.partition("/")[0]].id]
    other = unmade[-1] if unmade else [*blocks][-1]
    (key,) = blocks.keys() - {other}
    if unmade:
        remedy = f"delete its cidr here and run ./mlz plan, which gives {other} another: its account is not made yet"
    else:
        remedy = "restore the block the account really has"
    text = f"overlaps {blocks[key]} of {key}, got {blocks[other]}; allowed: {remedy}"
    account, _, place = other.partition("/")
    where = ("hub",) if other.endswith(HUB) else ("regions", place) if place else ("cidr",)
    return lock.source.problem(("accounts", account, *where), text)
