"""How long the plan takes, and its memory: generated organisations of 10, 100 and 1,000 teams × 2 environments.

    python benchmarks/plan_scale.py [TEAMS …]

Each size is planned twice in a process of its own: with an empty lock file (every address is new) and with a full one.
"""

import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from zone.plan import lock  # noqa: E402 # the project is no installed package
from zone.plan.planner import EXAMPLES, read  # noqa: E402 # the same

TEAMS = ("fraud", "churn", "vision")
POOLS = {"10.64.0.0/14": "100.64.0.0/11", "10.68.0.0/14": "100.96.0.0/11"}  # room for 1,000 teams


def generate(folder: Path, teams: int) -> None:
    """Write an organisation in which the three example teams repeat."""
    for path in EXAMPLES.glob("*/*.yaml"):
        copy = folder / path.parent.name / path.name
        copy.parent.mkdir(exist_ok=True)
        if path.stem not in TEAMS:
            text = path.read_text()
            copy.write_text(re.sub(r"10\.6[48]\.0\.0/14", lambda found: POOLS[found[0]], text))
    for number in range(teams):
        example, group = TEAMS[number % 3], number // 3
        for environment in ("dev", "prod"):
            text = (EXAMPLES / environment / f"{example}.yaml").read_text()
            for name in TEAMS:
                text = re.sub(rf"\b{name}(?=[/\]:])", f"{name}{group}", text)
            text = text.replace(f"+{environment}-{example}@", f"+{environment}-{example}{group}@")
            if number == teams - 1 and example == "fraud":  # its partner in sharing would be the next team
                text = re.sub(
                    r"\n +shared_with:\n.*|\{shared_with: \[.*\]\}", lambda m: "{}" if m[0][0] == "{" else "", text
                )
            (folder / environment / f"{example}{group}.yaml").write_text(text)


def measure(folder: Path) -> None:
    """Plan with no lock, record it, plan again; print seconds and peak memory."""
    start = time.perf_counter()
    zone = read(folder)
    first = time.perf_counter() - start
    start = time.perf_counter()
    lock.write(folder / lock.LOCK_NAME, blocks={key: team.network.cidr for key, team in zone.teams.items()})
    record = time.perf_counter() - start
    start = time.perf_counter()
    read(folder)
    again = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{len(zone.teams) // 2:>6} {first:>11.2f} {record:>10.2f} {again:>12.2f} {peak:>10.0f}")


def main(sizes: list[int]) -> None:
    print(f"{'teams':>6} {'first plan':>11} {'record':>10} {'plan again':>12} {'peak':>10}")
    print(f"{'':>6} {'[s]':>11} {'[s]':>10} {'[s]':>12} {'[MB]':>10}", flush=True)
    for teams in sizes:
        with tempfile.TemporaryDirectory() as folder:
            generate(Path(folder), teams)
            subprocess.run([sys.executable, __file__, "--measure", folder], check=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        measure(Path(sys.argv[2]))
    else:
        main([int(size) for size in sys.argv[1:]] or [10, 100, 1000])
