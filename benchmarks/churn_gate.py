"""Does the churn model's gate bite? Every spoiled model of its list must be refused, every sound one must pass.

    .venv/bin/python -m benchmarks.churn_gate [SEEDS]

The table is the model's own (`python -m churn bite`); it runs in the packages of the model's image, made on first use.
"""

import subprocess
import sys
from pathlib import Path

from local.environments import environment

FOLDER = Path(__file__).parents[1] / "workloads" / "churn"


def main(seeds: str = "20") -> int:
    """Print the table; 1 where the gate judged wrongly."""
    python = environment(FOLDER / "requirements.txt", print)
    return subprocess.run([python, "-m", "churn", "bite", "--seeds", seeds], cwd=FOLDER, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
