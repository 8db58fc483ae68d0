"""Which stack a name means, and whether it can be deployed yet.

A stack's own rooms are imported where it is built: a program builds one stack, and pulumi_aws takes seconds to import.
"""

from difflib import get_close_matches

from zone.plan.unmade import awaited, unmade
from zone.plan.zone import TeamPlan, ZonePlan


class StackError(Exception):
    """A stack that can't be built or deployed; the message says why and what to do."""


def build(plan: ZonePlan, stack: str, *, reading: bool = False) -> None:
    """Register the resources of *stack*: org, dev (a platform), dev-fraud (a team).

    Args:
        plan: the whole landing zone.
        stack: name of the stack.
        reading: work under the accounts' roles that only read: a preview shows all, an `up` is refused by AWS.

    Raises:
        StackError: nothing in the plan has this name, or AWS would refuse a policy of it for its size, or
            nobody has declared a role that only reads.
    """
    if reading and plan.organization.preview_caller_arn is None:
        raise StackError(
            "there is no role that only reads: name the role of pull requests' previews as pull_request_role in "
            "org/environment.yaml and deploy it"
        )
    if stack == "org":
        from stacks.organization import organization_stack  # noqa: PLC0415 - as the module says

        organization_stack(plan.organization, reading=reading)
    elif stack in plan.platforms:
        from stacks.platform import platform_stack  # noqa: PLC0415 - as the module says

        platform_stack(plan.platforms[stack], reading=reading)
    elif stack in plan.teams:
        from stacks.team import team_stack  # noqa: PLC0415 - as the module says

        _refuse_oversized(plan.teams[stack])
        team_stack(plan.teams[stack], reading=reading)
    else:
        likely = get_close_matches(stack, ["org", *plan.platforms, *plan.teams], 1)
        hint = f"did you mean {likely[0]}?" if likely else "a stack is org, an environment, or <environment>-<team>;"
        raise StackError(f"nothing in accounts/ is called {stack}: {hint} `./mlz plan` lists all")


def _refuse_oversized(plan: TeamPlan) -> None:
    """Say which file declares too much; Identity would refuse too, but knows no file."""
    from components.access.grants.roles import oversized  # noqa: PLC0415 - as the module says
    from stacks.inputs import team_of  # noqa: PLC0415 - as the module says

    if too_big := oversized(team_of(plan)):
        raise StackError("\n".join(f"{plan.account.source}: {line}" for line in too_big))


def refuse_unmade(plan: ZonePlan, stack: str) -> None:
    """Refuse to deploy a stack that names accounts the org stack hasn't made.

    Raises:
        StackError: it names the accounts and the remedy.
    """
    if stack == "org":
        from stacks.organization import unfound  # noqa: PLC0415 - as the module says

        if lost := unfound(plan.organization):
            raise StackError("\n".join(lost))
    if missing := unmade(plan, stack):
        raise StackError(
            f"{stack} needs accounts that have no id yet: {', '.join(missing)}; deploy org first: `./mlz up org` makes "
            "them and writes their ids to ids.lock.yaml"
        )
    if platform := awaited(plan, stack):
        raise StackError(
            f"{stack} needs what {platform} has not made yet, the way to MLflow or the hub: `./mlz up {platform}` "
            "makes it and writes its ids to ids.lock.yaml"
        )
