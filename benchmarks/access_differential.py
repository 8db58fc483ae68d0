"""Asks our evaluator and @cloud-copilot/iam-simulate the same random questions and explains every disagreement.

    python -m benchmarks.access_differential --count 50000 --seed 1

Prints how often the two agree, which known departure of iam-simulate from AWS's documentation explains a disagreement
(benchmarks/access_rewrites.py), and each one that nothing explains as a line for `./mlz access simulate --lines`.
Exit code 1 if there is any of those.
"""

import argparse
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks.access_rewrites import REWRITES, rewritten
from benchmarks.iam_simulate import PACKAGE, Program, iam_simulate
from tests.access.generate import lines

Json = Any
ROOT = Path(__file__).parents[1]
OURS = [str(ROOT / "mlz"), "access", "simulate", "--lines"]
CHUNK = 2000
FROM_MOST = ["Allowed", "ImplicitlyDenied", "ExplicitlyDenied", ""]  # "": not answered


def chunks(seed: int, count: int) -> Iterator[list[Json]]:
    """All questions, a few thousand at a time."""
    questions = lines(seed, count)
    while some := list(islice(questions, CHUNK)):
        yield some


def kind_of(reason: str) -> str:
    """An `unsupported` reason without the names in it."""
    return re.sub(r" arn:\S+|^Statement\S*: |:\w+(?= on )|;.*", "", reason)


def explanation(line: Json, ours: str, theirs: Program) -> str | None:
    """The departure that explains a disagreement: the first one that alone settles it, or all of them together."""
    for names in [*([name] for name in REWRITES), list(REWRITES)]:
        if ours == max((a.get("decision", "") for a in theirs.answers(rewritten(line, *names))), key=FROM_MOST.index):
            return names[0] if len(names) == 1 else "several of these at once"
    return None


@dataclass
class Tally:
    """What came of the comparison, counted."""

    decisions: Counter[str] = field(default_factory=Counter)
    explained: Counter[str] = field(default_factory=Counter)
    undecided: Counter[str] = field(default_factory=Counter)
    ignored: Counter[str] = field(default_factory=Counter)
    unexplained: int = 0

    def add(self, line: Json, our: Json, their: Json, theirs: Program) -> None:
        """Count one question's two answers; print the line if they differ for no known reason."""
        if "error" in our or "error" in their:
            self.undecided[f"ours: {our['error']}" if "error" in our else f"iam-simulate: {their['error']}"] += 1
            return
        self.decisions[our["decision"]] += 1
        if our.get("unsupported"):
            self.undecided[f"ours: unsupported: {kind_of(our['unsupported'])}"] += 1
        elif our["decision"] != their["decision"]:
            why = explanation(line, our["decision"], theirs)
            if why:
                self.explained[why] += 1
            else:
                self.unexplained += 1
                print(json.dumps({**line, "ours": our, "iam-simulate": their["decision"]}))

    def report(self, count: int) -> None:
        """Print the counts as tables."""
        agreed = count - self.undecided.total() - self.explained.total() - self.unexplained
        for title, counts in (
            ("our answers", self.decisions),
            ("agreed", Counter({"same answer": agreed})),
            ("explained by a departure of iam-simulate", self.explained),
            ("unexplained", Counter({"printed above": self.unexplained})),
            ("not compared", self.undecided),
            ("context keys iam-simulate drops (left out for both)", self.ignored),
        ):
            print(f"\n{title}", file=sys.stderr)
            for name, number in counts.most_common():
                print(f"  {number:7d}  {number / count:7.2%}  {name}", file=sys.stderr)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=10_000, help="questions [count]")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()

    tally = Tally()
    begun = time.perf_counter()
    with Program(OURS) as ours, iam_simulate() as theirs:
        for questions in chunks(options.seed, options.count):
            their_answers = list(theirs.answers(questions))
            for line, answer in zip(questions, their_answers, strict=True):
                for key in answer.get("ignored", []):  # it takes the key for one that this action does not send
                    tally.ignored[key] += 1
                    del line["request"]["context"][key]
            for line, our, their in zip(questions, ours.answers(questions), their_answers, strict=True):
                tally.add(line, our, their, theirs)
    seconds = time.perf_counter() - begun
    print(f"{PACKAGE}, seed {options.seed}, {options.count} questions, {seconds:.0f} s", file=sys.stderr)
    tally.report(options.count)
    return 1 if tally.unexplained else 0


if __name__ == "__main__":
    sys.exit(main())
