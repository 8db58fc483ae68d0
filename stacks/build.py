"""Which stack a name means."""

from collections.abc import Mapping
from difflib import get_close_matches

from accounts.zone import ZonePlan
from stacks.organization import organization_stack
from stacks.platform import platform_stack
from stacks.team import team_stack


class UnknownStackError(Exception):
    """No spec describes a stack of this name; the message says which names there are."""


def build(plan: ZonePlan, stack: str, adopt: Mapping[str, str] | None = None) -> None:
    """Register the resources of *stack*: org, dev (a platform), dev-fraud (a team).

    Args:
        plan: the whole landing zone.
        stack: name of the stack.
        adopt: what of the organisation exists already (components/organization.py).

    Raises:
        UnknownStackError: nothing in the plan has this name.
    """
    if stack == "org":
        organization_stack(plan.organization, adopt or {})
    elif stack in plan.platforms:
        platform_stack(plan.platforms[stack])
    elif stack in plan.teams:
        team_stack(plan.teams[stack])
    else:
        known = ["org", *plan.platforms, *plan.teams]
        likely = get_close_matches(stack, known, 1)
        hint = f"did you mean {likely[0]}?" if likely else "a stack is org, an environment, or <environment>-<team>"
        raise UnknownStackError(f"nothing in accounts/ is called {stack}: {hint} `./mlz plan` lists all")
