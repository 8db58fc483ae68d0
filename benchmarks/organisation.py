"""What the benchmarks of real runs share: an emulated organisation of their own, and one command on one stack."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.processes import Watch  # noqa: E402
from local.cloud import shared_cloud  # noqa: E402
from local.deployment import deploy, identities, rehearsal  # noqa: E402
from local.engine import find_engine  # noqa: E402
from local.faults import Faults  # noqa: E402
from local.outcome import Outcome  # noqa: E402
from local.world import World  # noqa: E402
from zone.plan.describe import dependencies  # noqa: E402 # the project is no installed package
from zone.plan.planner import chosen, read  # noqa: E402
from zone.plan.zone import ZonePlan  # noqa: E402


@dataclass(frozen=True)
class Organisation:
    """The example organisation, emulated."""

    world: World
    lock: Path
    zone: ZonePlan

    def run(self, command: str, stack: str, flags: Sequence[str] = ("--skip-preview",)) -> tuple[Outcome, Watch]:
        """Run *command* on one stack, as `./mlz COMMAND STACK` does, and watch what it costs."""
        with Watch() as watch:
            outcome = deploy(
                self.world,
                command,
                [stack],
                needs=dependencies(self.zone),
                lock=self.lock,
                workers=1,
                flags=flags,
                report=lambda _: None,
            )[0]
        return outcome, watch

    def must(self, command: str, stack: str) -> Outcome:
        """Run *command* and stop the benchmark where it fails."""
        outcome, _ = self.run(command, stack)
        if outcome.code:
            sys.exit(f"{command} {stack} failed: {outcome.note} {[one.message for one in outcome.failures]}")
        return outcome

    def resources(self, stack: str) -> list[dict[str, Any]]:
        """What the state of *stack* holds."""
        asked = [self.world.engine, "stack", "export", "--stack", stack]
        done = subprocess.run(asked, cwd=self.world.project, env=self.world.env, capture_output=True, check=True)
        return json.loads(done.stdout)["deployment"].get("resources") or []

    def left(self, stack: str) -> int:
        """How many resources the state still holds."""
        return len(self.resources(stack))


@contextmanager
def organisation(faults: Faults | None = None) -> Iterator[Organisation]:
    """Emulate the examples' organisation, nothing deployed yet, for the length of a block."""
    accounts, lock = chosen()
    zone = read(accounts, lock)
    with tempfile.TemporaryDirectory() as folder:
        engine = find_engine()
        if faults:  # a cloud that runs already is taken as it is
            shared_cloud(Path(folder), identities(zone), faults)
        world, own = rehearsal(engine, Path(folder), accounts, lock)
        yield Organisation(world, own, zone)
