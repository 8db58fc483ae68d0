"""Stacks cut into lots, a lot a job of CI: each host limits jobs, and each job first sets itself up for a minute."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final

from zone.plan.zone import ZonePlan

MOST: Final = 20
"""Lots side by side [count]: as many jobs as GitHub's smallest plan runs at once, and far under what both hosts allow:
256 jobs a matrix (GitHub, Actions limits), 200 (GitLab, parallel:matrix). Pages read 2026-11-30."""
LEAST: Final = 4
"""Stacks that are worth a job [count]."""


def lots(stacks: Sequence[str]) -> list[list[str]]:
    """Cut *stacks* into at most MOST lots of nearly the same size, in their order."""
    count = min(MOST, -(-len(stacks) // LEAST))
    cuts = [len(stacks) * place // count for place in range(count + 1)] if count else []
    return [list(stacks[start:end]) for start, end in pairwise(cuts)]


def by_environment(zone: ZonePlan, stacks: Iterable[str]) -> dict[str, list[str]]:
    """Return the environments in the order of deployment, each with those of *stacks* that are its own; org is none."""
    found: dict[str, list[str]] = {environment: [] for environment in zone.promotion}
    accounts = {account.stack: account for account in zone.organization.accounts.values()}
    for stack in stacks:
        if stack in accounts:
            found[accounts[stack].environment].append(stack)
    return found
