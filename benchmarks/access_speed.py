"""Decisions a second: our evaluator against @cloud-copilot/iam-simulate, the same questions in the same run.

    python -m benchmarks.access_speed

single: every question brings its own policies, so each decision pays for reading and compiling them.
batch: every one of some callers asks for every one of some resources; each policy is compiled once, in the time given.
iam-simulate is timed inside its own process, without the pipe; `unsafe` is its entry point without validation.
CPU seconds are counted, not those on the clock, so that other programs on the machine disturb the figures little.
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from benchmarks.iam_simulate import PACKAGE, iam_simulate
from checks.access import evaluate, request
from checks.access.lines import read_case
from tests.access.generate import lines

Json = Any
CALLER = ["identityPolicies", "permissionBoundaries", "sessionPolicy", "serviceControlPolicies"]
ROUNDS = 3


def pairs(seed: int, size: int) -> list[Json]:
    """Questions of *size* callers about *size* resources: the one side of one random question, the other of another."""
    asked = list(lines(seed, size))
    return [pair(caller, target) for caller in asked for target in asked]


def pair(caller: Json, target: Json) -> Json:
    """One caller's question about another's resource."""
    context = target["request"]["context"] | {
        key: value for key, value in caller["request"]["context"].items() if key.startswith("aws:Principal")
    }
    both = {key: value for key, value in target.items() if key not in CALLER}
    both |= {key: caller[key] for key in CALLER if key in caller}
    both["request"] = target["request"] | {"principal": caller["request"]["principal"], "context": context}
    return both


def ask_each(asked: list[Json]) -> list[str]:
    """Decide questions that have nothing in common."""
    return [evaluate(*read_case(line)).verdict.value for line in asked]


def ask_all_pairs(size: int) -> Callable[[list[Json]], list[str]]:
    """Decide *size* × *size* pairs, each side built once."""

    def ask(asked: list[Json]) -> list[str]:
        callers = [read_case(line).caller for line in asked[::size]]
        targets = [(read_case(line).target, line["request"]) for line in asked[:size]]
        found = []
        for number, caller in enumerate(callers):
            for place, (target, of) in enumerate(targets):
                what = request(
                    caller.principal.text,
                    of["action"],
                    of["resource"],
                    resource_account=of["resourceAccount"],
                    context=asked[number * size + place]["request"]["context"],
                )
                found.append(evaluate(what, caller, target).verdict.value)
        return found

    return ask


def ours(asks: Callable[[list[Json]], list[str]], asked: list[Json]) -> tuple[float, list[str]]:
    """CPU seconds and answers of our evaluator."""
    begun = time.process_time()
    answers = asks(asked)
    return time.process_time() - begun, answers


def theirs(asked: list[Json], *mode: str) -> tuple[float, list[str]]:
    """CPU seconds and answers of iam-simulate, measured by its driver after a warm-up."""
    with iam_simulate("time", *mode) as program:
        said = program.whole(asked)
    return said["seconds"], said["decisions"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--single", type=int, default=2000, help="questions with policies of their own [count]")
    parser.add_argument("--side", type=int, default=60, help="callers, and resources, of the batch [count]")
    options = parser.parse_args()
    print(PACKAGE)
    print(f"{'':8}{'questions':>10}{'ours/s':>10}{'theirs/s':>10}{'ratio':>8}{'unsafe/s':>10}{'ratio':>8}{'same':>8}")
    for name, questions, asks in (
        ("single", partial(lines, count=options.single), ask_each),
        ("batch", partial(pairs, size=options.side), ask_all_pairs(options.side)),
    ):
        # Other questions each round: nothing is compiled before its time starts. No object is shared between them.
        rounds = [json.loads(json.dumps(list(questions(seed)))) for seed in range(ROUNDS)]
        timed = [(ours(asks, asked), theirs(asked), theirs(asked, "unsafe")) for asked in rounds]
        count = len(rounds[0])
        columns = zip(*timed, strict=True)
        mine, safe, unsafe = (count / statistics.median(seconds for seconds, _ in column) for column in columns)
        pairs_of = [answers for (_, one), (_, other), _ in timed for answers in zip(one, other, strict=True)]
        same = sum(one == other for one, other in pairs_of) / len(pairs_of)
        row = f"{name:8}{count:10}{mine:10,.0f}{safe:10,.0f}{mine / safe:8.1f}{unsafe:10,.0f}{mine / unsafe:8.1f}"
        print(f"{row}{same:8.1%}")


if __name__ == "__main__":
    main()
