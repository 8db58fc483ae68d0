"""Which of the stacks that were asked for a command runs on, and why it leaves the others out."""

from collections.abc import Collection, Iterable

from local.deployed import missing, unchanged
from local.outcome import Outcome
from local.world import World
from zone.plan.affected import digest
from zone.plan.code import code_digest
from zone.plan.describe import ORG, dependencies
from zone.plan.unmade import awaited, unmade
from zone.plan.zone import ZonePlan

SKIPPED = "skipped"
"""Begins the note of a stack of which there is nothing to preview yet: no error, for nobody can mend it before `up`."""


def skipped(world: World, zone: ZonePlan, stacks: Iterable[str], *, reading: bool) -> list[Outcome]:
    """Return the stacks that cannot be previewed yet, each with the reason.

    Args:
        world: where the stacks live.
        zone: the plan.
        stacks: names.
        reading: under the role that only reads, which a stack's own first `up` makes.
    """
    found = []
    waiting = {stack: unmade(zone, stack) for stack in stacks}
    new = missing(world, waiting) if reading else set()
    for stack, accounts in waiting.items():
        if accounts:
            note = f"{SKIPPED}: not yet made: {', '.join(accounts)}; `./mlz up org` makes what is missing"
        elif platform := awaited(zone, stack):
            note = f"{SKIPPED}: {platform} is not up yet; `./mlz up {platform}` makes what {stack} needs of it"
        elif stack in new:
            note = f"{SKIPPED}: never deployed, so the role that only reads is not there; `./mlz up {stack}` makes it"
        else:
            continue
        found.append(Outcome(stack, 0, note=note))
    return found


def changed(world: World, zone: ZonePlan, stacks: Iterable[str]) -> list[str]:
    """Return those of *stacks* whose part of the plan, or whose code, differs from what was deployed last."""
    code = code_digest()
    wanted = {stack: digest(zone, stack, code) for stack in stacks}
    same = unchanged(world, wanted)
    return [stack for stack in wanted if stack not in same]


def neighbours(zone: ZonePlan, stacks: Collection[str]) -> list[str]:
    """Return the stacks without which *stacks* may not work: what else a change of theirs may need is in these.

    The organisation's guardrails name instance types, the platform knows who logs to MLflow, and a share has two sides.
    """
    found = {ORG}
    for team in (zone.teams[stack] for stack in stacks if stack in zone.teams):
        shares = (*team.shares_in, *team.shares_out)
        found |= {team.account.environment, *(share.owner for share in shares), *(share.reader for share in shares)}
    return [stack for stack in dependencies(zone) if stack in found and stack not in stacks]
