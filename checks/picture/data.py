"""What the page's parts ask of the described plan."""

from collections.abc import Mapping
from typing import Any

Stack = Mapping[str, Any]
Plan = Mapping[str, Any]


def environments(plan: Plan) -> dict[str, list[Stack]]:
    """Return the team stacks by environment; an environment without teams too."""
    found: dict[str, list[Stack]] = {}
    for stack in plan["stacks"]:
        if stack["kind"] != "organization":
            teams = found.setdefault(stack["environment"], [])
            if stack["kind"] == "team":
                teams.append(stack)
    return found


def platform(plan: Plan, environment: str) -> Stack | None:
    """Return the environment's platform stack; None where it was not asked for."""
    of = (stack for stack in plan["stacks"] if stack["kind"] == "platform" and stack["environment"] == environment)
    return next(of, None)


def team_of(stack: Stack) -> str:
    """Return the team's own name."""
    return str(stack["stack"]).removeprefix(f"{stack['environment']}-")


def short(service: str, region: str) -> str:
    """Return an endpoint's service without what all have in common."""
    return service.removeprefix("com.amazonaws.").removeprefix("aws.").replace(f"{region}.", "", 1)
