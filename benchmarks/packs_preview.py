"""What the three policy packs add to a real `pulumi preview` of a team stack.

    MLZ_ENGINE_DIR=… .venv/bin/python -m benchmarks.packs_preview [STACK] [PAIRS]

The stack does not exist yet, so every resource is judged; the organisation and the platform are up on the emulated AWS.
With and without packs take turns. `cpu` is the CPU time [s] of all processes but the emulated AWS,
`packs` the part of the packs' own processes.
"""

import os
import statistics
import sys

from benchmarks.organisation import Organisation, organisation
from benchmarks.processes import Watch
from local.deployment import PACKS
from local.rehearsal import run


def measure(ours: Organisation, stack: str, packs: tuple) -> tuple[float, float, float]:
    """Preview *stack*: wall seconds, CPU seconds, and those of the packs' processes."""
    with Watch() as watch:
        outcome = run(ours.world, "preview", [stack], needs={}, policy_packs=packs)[0]
    if outcome.code or not outcome.changes.get("create"):
        sys.exit(f"{stack}: {outcome}")
    cpu = {kind: seconds for kind, seconds in watch.cpu.items() if kind != "cloud"}
    return outcome.seconds, sum(cpu.values()), cpu.get("packs", 0.0)


def main(stack: str, pairs: int) -> None:
    with organisation() as ours:
        for needed in ("org", "dev"):
            ours.must("up", needed)
        measure(ours, stack, PACKS)  # warms caches
        taken: dict[bool, list[tuple[float, float, float]]] = {False: [], True: []}
        for pair in range(pairs):
            for packs in ((), PACKS) if pair % 2 else (PACKS, ()):
                wall, cpu, own = measure(ours, stack, packs)
                taken[bool(packs)].append((wall, cpu, own))
                what = "with packs" if packs else "without"
                print(f"{what:<10} {wall:6.1f} s  cpu {cpu:5.1f} s  packs {own:4.1f} s", flush=True)
    for place, what in enumerate(("wall", "cpu")):
        without, with_packs = (statistics.median(each[place] for each in taken[on]) for on in (False, True))
        print(f"{what:<5} {without:6.1f} s → {with_packs:6.1f} s, {with_packs / without - 1:+.0%} (medians)")
    print(f"load of the machine at the end: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


if __name__ == "__main__":
    main(sys.argv[1] if sys.argv[1:] else "dev-fraud", int(sys.argv[2]) if sys.argv[2:] else 3)
