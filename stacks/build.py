"""Which stack a name means."""

from difflib import get_close_matches

from accounts.zone import ZonePlan
from stacks.organization import organization_stack
from stacks.platform import platform_stack
from stacks.team import team_stack


class UnknownStackError(Exception):
    """No spec describes a stack of this name; the message says which names there are."""


def build(plan: ZonePlan, stack: str) -> None:
    """Register the resources of *stack*: org, dev (a platform), dev-fraud (a team).

    Raises:
        UnknownStackError: nothing in the plan has this name.
    """
    if stack == "org":
        organization_stack(plan.organization)
    elif stack in plan.platforms:
        platform_stack(plan.platforms[stack])
    elif stack in plan.teams:
        team_stack(plan.teams[stack])
    else:
        known = ["org", *plan.platforms, *plan.teams]
        likely = "".join(f"; did you mean {match}?" for match in get_close_matches(stack, known, 1))
        raise UnknownStackError(f"no stack {stack}: there are {', '.join(known)}{likely}")
