"""How fast the rules are: 500 resources of every type the cases know, all packs, in process and as a command.

`python -m benchmarks.policy_speed`
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from policies.evaluate import evaluate
from policies.rules import REGISTRY
from tests.policies import labelled

ROOT = Path(__file__).parents[1]
COUNT = 500
RUNS = 7


def changed(count, wanted=lambda _token: True):
    """*count* resources of the *wanted* types, evenly out of all cases."""
    changes = [
        (token, change)
        for cases in labelled.RULES.values()
        for token, case in cases
        for change in (*case["breaks"], *case["legal"])
        if wanted(token)
    ]
    step = len(changes) / count
    return [labelled.changed(*changes[int(number * step)]) for number in range(count)]


def best(run, clock=time.process_time):
    """The shortest of some runs [s of *clock*]."""
    seconds = []
    for _ in range(RUNS):
        start = clock()
        run()
        seconds.append(clock() - start)
    return min(seconds)


def main():
    given = changed(COUNT)
    types = {each.type for each in given}
    findings = len(evaluate(given, {}))
    inside = best(lambda: evaluate(given, {}))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "resources.json"
        plain = [{"type": each.type, "name": each.name, "props": each.props} for each in given]
        file.write_text(json.dumps({"resources": plain}))
        command = [sys.executable, "-m", "cli", "policy", str(file), "--format", "json"]
        whole = best(lambda: subprocess.run(command, cwd=ROOT, capture_output=True, check=False), time.perf_counter)
    print(
        f"{len(REGISTRY)} rules, {COUNT} resources of {len(types)} of {len(labelled.FINE)} types, {findings} findings"
    )
    print(f"in process     {inside:.4f} s  {COUNT / inside:,.0f} resources/s")
    print(f"whole command  {whole:.4f} s  {COUNT / whole:,.0f} resources/s")


if __name__ == "__main__":
    main()
