"""The end of a stack: what is declared to be kept stays in AWS, and nothing of it in Pulumi's state."""

import json
from pathlib import Path
from typing import Any

from local.errors import LocalError
from local.process import Process
from local.world import World

_PEOPLE = "aws:sagemaker/userProfile:UserProfile"
"""A profile owns its person's space; AWS deletes none that has one."""


def left_in(world: World, stack: str) -> list[dict[str, Any]] | None:
    """Return the resources in a stack's state that AWS has; None where there is no such stack.

    Raises:
        LocalError: the state can't be read.
    """
    exported = _exported(world, stack)
    resources = (exported.get("deployment") or {}).get("resources") or [] if exported is not None else None
    return resources and [each for each in resources if each["type"].startswith("aws:")]


def keep_people(world: World, stack: str) -> None:
    """Protect the Studio profiles, so that `destroy` leaves them and what they need.

    Raises:
        LocalError: the state can't be read or written.
    """
    exported = _exported(world, stack)
    profiles = [each for each in (exported or {}).get("deployment", {}).get("resources", []) if each["type"] == _PEOPLE]
    if exported is None or all(each.get("protect") for each in profiles):
        return
    for each in profiles:
        each["protect"] = True
    changed = world.logs / f"{stack}.kept.json"
    changed.write_text(json.dumps(exported))
    done = Process.ask(world, "stack", "import", "--stack", stack, "--file", str(changed))
    if done.returncode:
        raise LocalError(f"{stack}: can't protect its profiles: {done.stderr.strip()}")


def forget(world: World, stack: str) -> Path:
    """Remove a stack from the backend, whatever of it AWS still has; return a copy of its last state.

    Raises:
        LocalError: the backend refuses.
    """
    copy = world.logs / f"{stack}.retired.json"
    copy.write_text(json.dumps(_exported(world, stack)))
    done = Process.ask(world, "stack", "rm", "--yes", "--force", "--preserve-config", "--stack", stack)
    if done.returncode:
        raise LocalError(f"{stack}: can't remove the stack from Pulumi's backend: {done.stderr.strip()}")
    return copy


def _exported(world: World, stack: str) -> dict[str, Any] | None:
    exported = Process.ask(world, "stack", "export", "--stack", stack)
    if exported.returncode == 0:
        state: dict[str, Any] = json.loads(exported.stdout)
        return state
    if "no stack named" in exported.stderr:
        return None
    raise LocalError(f"can't read the state of {stack}: {exported.stderr.strip()}")
