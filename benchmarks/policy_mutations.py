"""Which statement of our own policies does nobody miss? Each is taken away once; somebody must then get another answer.

    python -m benchmarks.policy_mutations          # some minutes; prints a table and each statement nobody missed

The emulated AWS runs in this process and keeps every question it asks the evaluator: while the engine brings four
stacks up, and while the journeys of tests/journeys are taken. Then, for each policy that took part and each statement
of it, the questions it has a say in are asked again without it. A changed answer is a caught mutation: an `up` that
fails, or a journey with another outcome. What one line of code writes for each team is one statement here.
"""

import json
import os
import re
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from botocore.exceptions import ClientError
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from rich.console import Console
from rich.table import Table
from werkzeug.serving import make_server

from checks.access import Caller, Decision, Target
from checks.access.document import StatementText
from checks.access.policy import Policy
from checks.access.request import Request
from local.authority import gate as gates
from local.authority.held import aliases_of
from local.deployment import deploy, identities, rehearsal
from local.engine import find_engine
from local.handlers import install
from local.handlers.accounts import KNOWN
from local.handlers.cbor import Cbor
from local.handlers.dispatch import Dispatch
from local.server import Server, _Handler
from tests.journeys.stage import STACKS, prepare
from tests.journeys.step import STEPS, tried
from tests.journeys.steps import PARTS
from zone.plan.describe import dependencies
from zone.plan.planner import chosen, read

AWS_OWN = ("AdministratorAccess", "FullAWSAccess", "RCPFullAWSAccess")
"""Policies that AWS wrote."""


NOT_OURS = (
    *("/OrganizationAccountAccessRole", "/administrator", "/wide", "/mlz-pull-request"),
    *("opened-by-mistake", "strangers-loot"),
)
"""Resources whose policies AWS wrote, or the journeys' stage."""


KINDS = ("up", "journeys", "twice")
"""How a mutation shows, the clearest first."""


@dataclass
class Ask:
    """One question to the evaluator, and its answer."""

    request: Request
    caller: Caller
    target: Target
    allowed: bool
    phase: str

    def again(self) -> bool:
        """Ask again, with the policies as they are now."""
        self.caller._plans.clear()  # noqa: SLF001 - plans are worked out once; here the policies change under them
        self.target._plans.clear()  # noqa: SLF001
        return gates_evaluate(self.request, self.caller, self.target).allowed


gates_evaluate = gates.evaluate


class Recorder:
    """Stands where the gate calls the evaluator, and keeps what it sees."""

    def __init__(self) -> None:
        self.asks: list[Ask] = []
        self.phase = "up"

    def __call__(self, request: Request, caller: Caller, target: Target) -> Decision:
        """Decide as ever."""
        decision = gates_evaluate(request, caller, target)
        self.asks.append(Ask(request, caller, target, decision.allowed, self.phase))
        return decision


@contextmanager
def cloud_here(folder: Path) -> Iterator[None]:
    """Serve an emulated AWS from a thread of this process, where `rehearsal` finds it."""
    gate = gates.Gate()
    server = Server(Cbor(Dispatch(DomainDispatcherApplication(create_backend_app), gate)), "mutations", gate)
    http = make_server("127.0.0.1", 0, server, threaded=True, request_handler=_Handler)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "cloud.json").write_text(json.dumps({"id": "mutations", "port": http.port, "pid": os.getpid()}))
    threading.Thread(target=http.serve_forever, daemon=True).start()
    yield
    http.shutdown()


def policies_of(ask: Ask) -> Iterator[tuple[str, str, Policy]]:
    """Yield layer, name and policy of all that has a say in a question, but for what AWS wrote."""
    parts = [*ask.caller.guardrails, ask.caller.identity, *ask.caller.limits, *ask.target.control]
    for part in parts:
        for name, policy in part.policies:
            if name not in AWS_OWN:
                yield part.layer.value, name, policy
    if not ask.request.resource.endswith(NOT_OURS):
        for _, policy in ask.target.policy.policies:
            yield "resourcePolicy", named(ask.request.resource), policy


def named(arn: str) -> str:
    """What a resource's policy is told by: a bucket's or role's name, a key's alias, else service and kind."""
    service, name = arn.split(":")[2], arn.split(":", 5)[5]
    if service == "kms":
        return next(iter(aliases_of(arn)), "key")
    return {"s3": name.split("/")[0], "iam": name.split("/")[-1]}.get(service, f"{service} {name.split('/')[0]}")


def of_any_team(name: str) -> str:
    """A name without what differs from team to team: the same line of code wrote both policies."""
    return re.sub(r"-?\d{12}$|vpc-\w+", "", re.sub(r"\b(fraud|churn|vision)\b", "TEAM", name))


def main() -> None:
    """Record, mutate, print."""
    console = Console(highlight=False)
    recorder = Recorder()
    gates.evaluate = recorder  # type: ignore[assignment]
    install()
    accounts, lock = chosen()
    with tempfile.TemporaryDirectory() as folder, cloud_here(Path(folder)):
        for name, value in asdict(identities(read(accounts, lock))).items():
            setattr(KNOWN, name, value)
        world, own = rehearsal(find_engine(), Path(folder), accounts, lock)
        needs = dependencies(read(accounts, lock))
        outcomes = deploy(
            world,
            "up",
            STACKS,
            needs=needs,
            lock=own,
            workers=2,
            flags=["--skip-preview"],
            report=lambda _: None,
        )
        if any(each.code for each in outcomes):
            sys.exit(f"the stacks did not come up: {outcomes}")
        recorder.phase = "journeys"
        stage = prepare(Path(folder), read(accounts, own))
        for step in (step for part in PARTS for step in STEPS if step.part == part):
            for who in step.tried_by:
                try:
                    tried(step, stage.callers[who], stage)
                except ClientError as error:  # the journeys' own tests tell of it
                    console.print(f"{step.title} / {who}: {error}", markup=False)
    console.print(f"{len(recorder.asks):,} questions recorded")
    mutate(recorder.asks, console)


def mutate(asks: list[Ask], console: Console) -> None:
    """Take each statement away once, and ask again what it has a say in."""
    found: dict[int, tuple[str, str, Policy, list[Ask]]] = {}
    for ask in asks:
        for layer, name, policy in policies_of(ask):
            found.setdefault(id(policy), (layer, name, policy, []))[3].append(ask)
    phases: dict[tuple[str, str, str, str], set[str]] = {}
    for layer, name, policy, theirs in found.values():
        for index, text in enumerate(policy.texts):
            key = (layer, of_any_team(name), "Allow" if text.allow else "Deny", of_any_team(text.label))
            phases.setdefault(key, set()).add(caught(policy, index, theirs))
    counts: Counter[tuple[str, str]] = Counter()
    for (layer, *_), seen in phases.items():
        counts[layer, next((kind for kind in KINDS if kind in seen), "nobody")] += 1
    missed = [(*key, "twice" if "twice" in seen else "") for key, seen in phases.items() if not seen & {*KINDS[:2]}]
    table = Table("layer", "statements", "caught by up", "by a journey", "refused twice", "by nobody", "caught")
    for layer in sorted({layer for layer, _ in counts}):
        row = [counts[layer, phase] for phase in (*KINDS, "nobody")]
        table.add_row(layer, str(sum(row)), *map(str, row), f"{100 * sum(row[:2]) / sum(row):.1f} %")
    total = sum(counts.values())
    clear, twice = (
        sum(count for (_, phase), count in counts.items() if phase in which) for which in (KINDS[:2], KINDS[2:])
    )
    console.print(table)
    console.print(
        f"{clear} of {total} caught: {100 * clear / total:.1f} %; with those that another statement doubles: "
        f"{100 * (clear + twice) / total:.1f} %"
    )
    for layer, name, effect, label, twice_ in sorted(missed):
        console.print(f"{layer:24} {name:44} {effect:5} {label} {twice_}", markup=False, soft_wrap=True)


def caught(policy: Policy, index: int, asks: list[Ask]) -> str:
    """Return the phase in which an answer changes without one statement.

    "twice": in none, but it refuses a question that another statement refuses too. Empty: in none.
    """
    whole = policy.texts
    label = whole[index]
    concerned = [
        ask
        for ask in asks
        if any(statement.text is label for statement in policy.for_action(ask.request.action.lower()))
    ]
    policy.texts = tuple(text for text in whole if text is not label)
    policy._compiled.clear()  # noqa: SLF001 - compiled by index
    try:
        changed = next((ask.phase for ask in concerned if ask.again() != ask.allowed), "")
    finally:
        policy.texts = whole
        policy._compiled.clear()  # noqa: SLF001
    return changed or ("twice" if any(refuses(policy, label, ask) for ask in concerned) else "")


def refuses(policy: Policy, text: StatementText, ask: Ask) -> bool:
    """Whether a statement is a Deny that means this question."""
    if text.allow or ask.allowed:
        return False
    statements = policy.for_action(ask.request.action.lower())
    return any(each.text is text and bool(each.test(ask.request)) for each in statements)


if __name__ == "__main__":
    main()
