"""The guardrails pack: what a stack may use, how much, where; and that nothing is on the public network."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # the engine starts a pack in its own folder

from policies.pack import serve

if __name__ == "__main__":
    serve("guardrails", "Instance types, counts, sizes, run times, regions and public network access.")
