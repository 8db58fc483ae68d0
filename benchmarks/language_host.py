"""What a run of the engine costs when Pulumi starts program and packs itself, and when they are forks of ours.

    MLZ_ENGINE_DIR=… .venv/bin/python -m benchmarks.language_host [STACK] [ROUNDS]

Previews of a stack that does not exist yet, on the emulated AWS; the ways take turns. `cpu` is the CPU time [s] of all
processes but the emulated AWS. The first fork's importing, once a command, is not in it: it is printed first.
"""

import statistics
import sys
import time
from contextlib import nullcontext

from benchmarks.organisation import organisation
from benchmarks.processes import Watch
from local.deployment import ALL_PACKS
from local.forks import fork
from local.language_host.host import PULUMIS_OWN
from local.process import Process
from local.rehearsal import run

OURS = Process._host  # noqa: SLF001 - the one place that decides
WAYS = {"Pulumi's own": lambda *_: nullcontext(PULUMIS_OWN), "forked": OURS}


def main(stack: str, rounds: int) -> None:
    started = time.monotonic()
    with Watch() as watch:
        fork(int).join()
    print(f"the fork server's start: {time.monotonic() - started:.1f} s, cpu {sum(watch.cpu.values()):.1f} s")
    taken: dict[str, list[tuple[float, float]]] = {way: [] for way in WAYS}
    with organisation() as ours:
        for needed in ("org", "dev"):
            ours.must("up", needed)
        for number in range(rounds):
            for way in list(WAYS) if number % 2 else reversed(WAYS):
                Process._host = WAYS[way]  # type: ignore[method-assign,assignment] # noqa: SLF001
                with Watch() as watch:
                    (outcome,) = run(ours.world, "preview", [stack], needs={}, policy_packs=ALL_PACKS)
                if outcome.code:
                    sys.exit(f"{stack}: {outcome}")
                cpu = sum(seconds for kind, seconds in watch.cpu.items() if kind != "cloud")
                taken[way].append((outcome.seconds, cpu))
                print(f"{way:<13} {outcome.seconds:6.1f} s  cpu {cpu:5.1f} s", flush=True)
    for place, what in enumerate(("wall", "cpu")):
        plain, forked = (statistics.median(each[place] for each in taken[way]) for way in WAYS)
        print(f"{what:<4} {plain:5.1f} s → {forked:5.1f} s, {forked / plain - 1:+.0%} (medians)")


if __name__ == "__main__":
    main(sys.argv[1] if sys.argv[1:] else "dev-fraud", int(sys.argv[2]) if sys.argv[2:] else 3)
