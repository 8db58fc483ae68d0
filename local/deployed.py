"""What the backend knows of stacks without running them: which are missing, which were made of just this plan."""

import json
import subprocess
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from local.world import World
from zone.plan.affected import DIGEST

SIDE_BY_SIDE: Final = 16
"""Questions at once [count]: a backend far away is waited for more than the engine computes."""
_NO_STACK: Final = "no stack named"
"""In the engine's words."""
_LOOKED_BACK: Final = 10
"""Runs of which the last that was no refresh counts [count]; where all are refreshes, nobody knows."""


def missing(world: World, stacks: Iterable[str]) -> set[str]:
    """Return those of *stacks* that the backend does not have.

    Each is asked for by name: a list would read every state, and CI's roles may read those of their environment only.
    """
    names = sorted(stacks)
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        asked = pool.map(lambda stack: _ask(world, "stack", "output", "--json", "--stack", stack), names)
        return {stack for stack, answer in zip(names, asked, strict=True) if _NO_STACK in answer.stderr}


def unchanged(world: World, digests: Mapping[str, str]) -> set[str]:
    """Return the stacks of *digests* whose last run was an `up` of just this plan and code that ended without an error.

    The output alone does not say so: a failed `up` may have written it, and so has one before a `destroy`.
    """
    names = sorted(digests)
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        found = pool.map(lambda stack: _digest(world, stack) == digests[stack] and _succeeded(world, stack), names)
        return {stack for stack, same in zip(names, found, strict=True) if same}


def _digest(world: World, stack: str) -> str:
    """Return *stack*'s digest; nothing where it has none or cannot be read, which `up` then says."""
    asked = _ask(world, "stack", "output", DIGEST, "--stack", stack)
    return asked.stdout.strip() if asked.returncode == 0 else ""


def _succeeded(world: World, stack: str) -> bool:
    """Return whether the last run that was no refresh was an `up` without an error."""
    asked = _ask(world, "stack", "history", "--json", "--page-size", str(_LOOKED_BACK), "--stack", stack)
    runs: list[dict[str, Any]] = json.loads(asked.stdout) if asked.returncode == 0 else []
    last = next((run for run in runs if run["kind"] != "refresh"), {})
    return last.get("kind") == "update" and last.get("result") == "succeeded"


def _ask(world: World, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Ask the engine; it must not wait for an answer of ours."""
    return subprocess.run(
        [world.engine, "--non-interactive", *arguments],
        cwd=world.project,
        env=dict(world.env),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
