"""What the policy packs add to a real `pulumi preview` of a team stack: in one process, as `./mlz` has them, or three.

    MLZ_ENGINE_DIR=… .venv/bin/python -m benchmarks.packs_preview [STACK] [ROUNDS]

The stack does not exist yet, so every resource is judged; the organisation and the platform are up on the emulated AWS.
The three take turns. `cpu` is the CPU time [s] of all processes but the emulated AWS; the rest of a line is who spent
it. The last line is the share of core rules (one on one resource it reads) that this preview decided, by what the packs
said to the engine.
"""

import os
import re
import statistics
import sys

from benchmarks.organisation import Organisation, organisation
from benchmarks.processes import Watch
from checks.record import record
from local.deployment import ALL_PACKS, PACKS
from local.rehearsal import run
from local.stack import Outcome
from policies.rules import CATALOG, rules_for
from stacks.build import build

WAYS = {"without": (), "together": ALL_PACKS, "three packs": PACKS}


def measure(ours: Organisation, stack: str, packs: tuple) -> tuple[Outcome, dict[str, float]]:
    """Preview *stack*: what came of it, and CPU seconds by kind of process."""
    with Watch() as watch:
        outcome = run(ours.world, "preview", [stack], needs={}, policy_packs=packs)[0]
    if outcome.code or not outcome.changes.get("create"):
        sys.exit(f"{stack}: {outcome}")
    return outcome, {kind: seconds for kind, seconds in watch.cpu.items() if kind != "cloud"}


def decided(ours: Organisation, stack: str, outcome: Outcome) -> str:
    """The share of judgements of core rules that waited for no value."""
    made = record(lambda: build(ours.zone, stack), stack=stack).resources
    judged = sum(CATALOG[rule.key]["core"] for resource in made for rule in rules_for(resource.type))
    waiting = [
        key
        for violation in outcome.violations
        if "not known before `up`" in violation.message
        for key in re.findall("[a-z0-9-]+", violation.message.splitlines()[-1])
        if key in CATALOG and CATALOG[key]["core"]
    ]
    return f"decided at preview: {1 - len(waiting) / judged:.1%} of {judged}; waiting: {sorted(set(waiting))}"


def main(stack: str, rounds: int) -> None:
    with organisation() as ours:
        for needed in ("org", "dev"):
            ours.must("up", needed)
        taken: dict[str, list[tuple[float, float]]] = {way: [] for way in WAYS}
        for number in range(rounds):
            for way in list(WAYS) if number % 2 else reversed(WAYS):
                outcome, cpu = measure(ours, stack, WAYS[way])
                taken[way].append((outcome.seconds, sum(cpu.values())))
                print(f"{way:<11} {outcome.seconds:6.1f} s  cpu {sum(cpu.values()):5.1f} s  {cpu}", flush=True)
                if way == "together":
                    last = outcome
    print(decided(ours, stack, last))
    for way in ("together", "three packs"):
        for place, what in enumerate(("wall", "cpu")):
            without, with_packs = (statistics.median(each[place] for each in taken[one]) for one in ("without", way))
            print(
                f"{way:<11} {what:<4} {without:5.1f} s → {with_packs:5.1f} s, {with_packs / without - 1:+.0%} (medians)"
            )
    print(f"load of the machine at the end: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


if __name__ == "__main__":
    main(sys.argv[1] if sys.argv[1:] else "dev-fraud", int(sys.argv[2]) if sys.argv[2:] else 3)
