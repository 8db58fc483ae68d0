"""What the policy packs add to a real `pulumi preview` of a team stack: in one process, as `./mlz` has them, or three.

`empty` is a pack with one policy that does nothing: what any pack in Python costs, whatever it checks.

    MLZ_ENGINE_DIR=… .venv/bin/python -m benchmarks.packs_preview [STACK] [ROUNDS]

The stack does not exist yet, so every resource is judged; the organisation and the platform are up on the emulated AWS.
The ways take turns. `cpu` is the CPU time [s] of all processes but the emulated AWS; the rest of a line is who spent
it. Then the share of core rules (one on one resource it reads) that a preview decided, by what the packs said to the
engine: before the stack exists, and when it does.
"""

import json
import os
import re
import statistics
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.organisation import ROOT, Organisation, organisation
from benchmarks.processes import Watch
from checks.record import record
from local.deployment import ALL_PACKS, PACKS
from local.outcome import Outcome
from local.rehearsal import run
from policies.rules import CATALOG, REGISTRY, rules_for
from stacks.build import build

EMPTY = """from pulumi_policy import PolicyPack, ResourceValidationPolicy
PolicyPack("empty", [ResourceValidationPolicy(name="nothing", description="-", validate=lambda args, report: None)])
"""
WAYS = ("without", "empty", "together", "three packs")


def ways(folder: Path) -> dict[str, tuple[Path, ...]]:
    """Return the packs of each way; the empty one is written to *folder*."""
    where = {"name": "python", "options": {"virtualenv": str(ROOT / ".venv")}}
    (folder / "PulumiPolicy.yaml").write_text(json.dumps({"runtime": where, "version": "0.1.0"}))
    (folder / "__main__.py").write_text(EMPTY)
    return dict(zip(WAYS, ((), (folder,), ALL_PACKS, PACKS), strict=True))


def measure(ours: Organisation, stack: str, packs: tuple[Path, ...]) -> tuple[Outcome, dict[str, float]]:
    """Preview *stack*: what came of it, and CPU seconds by kind of process."""
    with Watch() as watch:
        outcome = run(ours.world, "preview", [stack], needs={}, policy_packs=packs)[0]
    if outcome.code:
        sys.exit(f"{stack}: {outcome}")
    return outcome, {kind: seconds for kind, seconds in watch.cpu.items() if kind != "cloud"}


def decided(ours: Organisation, stack: str, outcome: Outcome) -> str:
    """The share of judgements of core rules that waited for no value."""
    made = record(lambda: build(ours.zone, stack), stack=stack).resources
    judged = sum(CATALOG[rule.key]["core"] for resource in made for rule in rules_for(resource.type))
    judged += sum(CATALOG[key]["core"] for key, rule in REGISTRY.items() if rule.stack_check)
    waiting = [
        key
        for violation in outcome.violations
        if "not known before `up`" in violation.message
        for key in re.findall("[a-z0-9-]+", violation.message.splitlines()[-1])
        if key in CATALOG and CATALOG[key]["core"]
    ]
    return f"{1 - len(waiting) / judged:.1%} of {judged}; waiting: {sorted(set(waiting))}"


def main(stack: str, rounds: int) -> None:
    with organisation() as ours, TemporaryDirectory() as folder:
        packs = ways(Path(folder))
        for needed in ("org", "dev"):
            ours.must("up", needed)
        taken: dict[str, list[tuple[float, float]]] = {way: [] for way in WAYS}
        for number in range(rounds):
            for way in list(WAYS) if number % 2 else reversed(WAYS):
                outcome, cpu = measure(ours, stack, packs[way])
                taken[way].append((outcome.seconds, sum(cpu.values())))
                print(f"{way:<11} {outcome.seconds:6.1f} s  cpu {sum(cpu.values()):5.1f} s  {cpu}", flush=True)
        for when in ("before it exists", "when it does"):
            outcome, _ = measure(ours, stack, ALL_PACKS)
            print(f"decided at a preview of {stack} {when}: {decided(ours, stack, outcome)}", flush=True)
            if not outcome.changes.get("same"):
                ours.must("up", stack)
    for way in WAYS[1:]:
        for place, what in enumerate(("wall", "cpu")):
            without, with_packs = (statistics.median(each[place] for each in taken[one]) for one in ("without", way))
            print(
                f"{way:<11} {what:<4} {without:5.1f} s → {with_packs:5.1f} s, {with_packs / without - 1:+.0%} (medians)"
            )
    print(f"load of the machine at the end: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


if __name__ == "__main__":
    main(sys.argv[1] if sys.argv[1:] else "dev-fraud", int(sys.argv[2]) if sys.argv[2:] else 3)
