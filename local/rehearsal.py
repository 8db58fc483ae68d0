"""Runs a command over several stacks: needed ones first, independent ones side by side.

    outcomes = run(world, "up", ["org", "dev", "dev-fraud"], needs={"dev": {"org"}, "dev-fraud": {"dev"}},
    workers=2)

Ctrl-C and even SIGKILL at any moment leave a state from which the same command goes on: see local.stack.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from graphlib import TopologicalSorter
from pathlib import Path

from local.events import Progress
from local.outcome import Outcome
from local.stack import Stack
from local.world import World

STOPPING = "stopping"
"""The phase of a stack that was interrupted, until it has ended."""
COMMANDS = ("preview", "up", "refresh", "destroy")


def run(
    world: World,
    command: str,
    stacks: Sequence[str],
    *,
    needs: Mapping[str, set[str]],
    workers: int = 2,
    policy_packs: Sequence[Path] = (),
    flags: Sequence[str] = (),
    replaceable: Collection[str] = (),
    report: Callable[[Progress], None] = lambda _progress: None,
    after: Callable[[Outcome], None] = lambda _outcome: None,
) -> list[Outcome]:
    """Run *command* on each stack and return the outcomes in the order of their end.

    A stack whose needed stack failed is not run. Stacks that were not asked for are taken to be up already,
    but the order among the others is kept across them. Preview changes nothing, so no stack waits for
    another.

    Args:
        world: where the stacks live.
        command: one of COMMANDS.
        stacks: names.
        needs: stack → stacks that must be up before it; destroy goes the other way.
        workers: stacks at once [count]; each takes 0.5 to 1 GB.
        policy_packs: folders of PulumiPolicy.yaml; preview and up run them.
        flags: more flags for pulumi.
        replaceable: logical names of what `up` may replace although it holds data.
        report: called from several threads, with what each stack is doing.
        after: called with each outcome before the stacks that wait for it begin.

    Raises:
        KeyboardInterrupt: after the running stacks have ended in good order. A second Ctrl-C cuts them off.
    """
    packs = [flag for pack in policy_packs for flag in ("--policy-pack", str(pack))]
    given = [*flags, *(packs if command in {"preview", "up"} else [])]
    order = TopologicalSorter(_order(command, stacks, needs))
    order.prepare()
    running: dict[Future[Outcome], Stack] = {}
    outcomes: dict[str, Outcome] = {}
    blockers = _order(command, stacks, needs)
    interrupted = False
    with ThreadPoolExecutor(workers) as pool:
        while order.is_active():
            for name in order.get_ready():
                failed = sorted(other for other in blockers[name] if outcomes[other].code)
                if failed or interrupted:
                    why = f"not run: {failed[0]} failed" if failed else "not run: interrupted"
                    outcomes[name] = Outcome(name, 1, note=why)
                    order.done(name)
                    continue
                stack = Stack(world, name, report)
                running[pool.submit(stack.run, command, given, replaceable=replaceable)] = stack
            try:
                ended = wait(running, return_when=FIRST_COMPLETED).done if running else set()
            except KeyboardInterrupt:
                interrupted = True
                for stack in running.values():
                    report(Progress(stack.name, STOPPING, 0, 0))
                    stack.interrupt()
                continue
            for future in ended:
                stack = running.pop(future)
                outcomes[stack.name] = future.result()
                after(outcomes[stack.name])
                order.done(stack.name)
    if interrupted:
        raise KeyboardInterrupt
    return list(outcomes.values())


def _order(command: str, stacks: Sequence[str], needs: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """Stack → stacks of this run that come before it, also across stacks that don't take part."""
    if command == "preview":
        return {stack: set() for stack in stacks}

    def all_needs(stack: str, seen: frozenset[str] = frozenset()) -> set[str]:
        direct = needs.get(stack, set()) - seen
        return direct.union(*(all_needs(other, seen | direct | {stack}) for other in direct))

    before = {stack: all_needs(stack) & set(stacks) for stack in stacks}
    if command != "destroy":
        return before
    return {stack: {other for other in stacks if stack in before[other]} for stack in stacks}
