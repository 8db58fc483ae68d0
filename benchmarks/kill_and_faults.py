"""Kill an `up` of a team stack at random moments, and break some of AWS's answers: does the same command converge?

    MLZ_ENGINE_DIR=… .venv/bin/python -m benchmarks.kill_and_faults [STACK] [KILLS] [SEED]

Kills: each `up` is ended by SIGKILL once it has made a random number of resources, until KILLS are spent; the last one
may end. Faults: 5 % of all calls answer 500 or throttling (the call is not made), and `up` is repeated until it ends
well. After both: a second `up` changes nothing, what the emulated AWS holds is what the state says, and after
`destroy` it holds nothing of ours.
"""

import random
import sys

from benchmarks.inventory import held, recorded
from benchmarks.organisation import Organisation, organisation
from local.events import Progress
from local.faults import Faults
from local.rehearsal import run
from local.stack import Stack

FAULTS = 0.05
TRIES = 6
"""More `up`s than that are no convergence."""


def kill(ours: Organisation, stack: str, after: int) -> tuple[int, int]:
    """Kill an `up` once it has made *after* resources; its exit code, and how many it had made."""
    reached = 0

    def watch(progress: Progress) -> None:
        nonlocal reached
        if progress.phase == "up":
            reached = progress.done
            if reached >= after:
                one.process.running.kill()

    one = Stack(ours.world, stack, watch)
    return one.run("up", ["--skip-preview"]).code, reached


def converge(ours: Organisation, stack: str) -> int:
    """Repeat `up` until it ends well; how many it took."""
    for tries in range(1, TRIES + 1):
        outcome = run(ours.world, "up", [stack], needs={}, flags=["--skip-preview"])[0]
        if outcome.code == 0:
            return tries
        print(
            f"  up {tries} ended with {outcome.code}: {outcome.note} {[f.message[:120] for f in outcome.failures[:1]]}"
        )
    sys.exit(f"{stack} did not converge in {TRIES} runs")


def check(ours: Organisation, stack: str) -> None:
    """Hold the emulated AWS against the state, then take all down."""
    again = run(ours.world, "up", [stack], needs={}, flags=["--skip-preview"])[0]
    there, known = held(ours, stack), recorded(ours, stack)
    print(f"  second up: {again.changes}; {len(known)} compared")
    print(f"  orphans: {sorted(there - known)}; lost: {sorted(known - there)}", flush=True)
    ours.must("destroy", stack)
    print(f"  after destroy: {sorted(held(ours, stack))} held, {ours.left(stack)} in the state", flush=True)


def main(stack: str, kills: int, seed: int) -> None:
    chance = random.Random(seed)
    with organisation() as ours:
        ours.must("up", "org")
        print(f"SIGKILL, seed {seed}:")
        for number in range(1, kills + 1):
            after = chance.randint(1, 60)
            code, reached = kill(ours, stack, after)
            print(f"  kill {number}: asked for after {after}, came after {reached} resources, exit {code}", flush=True)
            if code == 0:  # it ended before the moment came: begin anew
                check(ours, stack)
        print(f"  up converged in {converge(ours, stack)} run(s)")
        check(ours, stack)
    with organisation(Faults(FAULTS, seed)) as ours:
        print(f"{FAULTS:.0%} of all answers 500 or throttled, seed {seed}:")
        converge(ours, "org")
        print(f"  up converged in {converge(ours, stack)} run(s)")
        check(ours, stack)


if __name__ == "__main__":
    given = sys.argv[1:]
    main(given[0] if given else "dev-fraud", int(given[1]) if given[1:] else 10, int(given[2]) if given[2:] else 1)
