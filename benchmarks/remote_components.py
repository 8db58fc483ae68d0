"""What a component costs through the package against in process: the same networks, made both ways by real Pulumi.

    MLZ_ENGINE_DIR=… .venv/bin/python -m benchmarks.remote_components [ROUNDS]

The ways take turns on one emulated AWS, each with stacks of its own; a network has 13 resources, for which AWS keeps
nobody waiting. `cpu` is the CPU time [s] of all processes but the emulated AWS, `memory` their peak [MB].
At the end a stack changes over from one way to the other.
"""

import os
import statistics
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from benchmarks.processes import Watch
from local.engine import find_engine
from local.identities import Identities
from local.outcome import Outcome
from local.rehearsal import run
from local.world import World, local_world

ROOT = Path(__file__).parents[1]
SETTINGS = f"""
name: networks
runtime: {{name: python, options: {{virtualenv: {ROOT / ".venv"}}}}}
packages: {{mlz: {ROOT / "components"}}}
"""
COMMON = """
import sys
import pulumi
import pulumi_aws as aws
home = pulumi.ResourceOptions(provider=aws.Provider("home", region="eu-west-1"))
"""
WAYS = {
    "in process": f"""
sys.path.append("{ROOT}")
from components.network.network import Network, NetworkArgs
for number in range(COUNT):
    args = NetworkArgs(account_key="own", region="eu-west-1", cidr="10.20.0.0/24", subnets={{"a": "10.20.0.0/25"}},
                       endpoints={{}}, distributed=False)
    Network(f"net-{{number}}", args, home)
""",
    "package": """
class Network(pulumi.ComponentResource):
    def __init__(self, name, inputs, opts):
        super().__init__("mlz:index:Network", name, inputs, opts, remote=True)
for number in range(COUNT):
    args = {"accountKey": "own", "region": "eu-west-1", "cidr": "10.20.0.0/24", "subnets": {"a": "10.20.0.0/25"},
            "endpoints": {}, "distributed": False}
    Network(f"net-{number}", args, home)
""",
}
COUNTS = (1, 10)
STEPS = (("preview", ()), ("up", ("--skip-preview",)), ("up again", ("--skip-preview",)))


def worlds(folder: Path) -> dict[tuple[str, int], World]:
    """A world for each way and number of networks, all on one emulated AWS."""
    engine = find_engine()
    found = {}
    for way, program in WAYS.items():
        for count in COUNTS:
            project = folder / f"{way.replace(' ', '-')}-{count}"
            project.mkdir()
            (project / "Pulumi.yaml").write_text(SETTINGS)
            (project / "__main__.py").write_text(COMMON + program.replace("COUNT", str(count)))
            identities = Identities("111111111111", "o-abcdefghij", {})
            world = local_world(engine, project, folder / "state", region="eu-west-1", identities=identities)
            found[way, count] = replace(world, logs=folder / "logs" / project.name)
    return found


def must(world: World, command: str, flags: tuple[str, ...] = ("--skip-preview",)) -> tuple[Outcome, Watch]:
    """Run *command* on the world's stack; what fails ends the benchmark."""
    with Watch() as watch:
        outcome = run(world, command, [world.project.name], needs={}, flags=flags)[0]
    if outcome.code:
        sys.exit(f"{command} {world.project.name}: {[failure.message for failure in outcome.failures]}")
    return outcome, watch


def main(rounds: int) -> None:
    taken: dict[tuple[str, int, str], list[tuple[float, float, float]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        found = worlds(Path(folder))
        try:
            for number in range(rounds):
                for (way, count), world in list(found.items())[:: 1 if number % 2 else -1]:
                    for step, flags in STEPS:
                        outcome, watch = must(world, step.split()[0], flags)
                        figures = (outcome.seconds, sum(watch.cpu.values()), watch.peak_bytes / 1e6)
                        taken.setdefault((way, count, step), []).append(figures)
                    must(world, "destroy")
            changed_over(found)
        finally:
            (Path(folder) / "state" / "cloud.json").unlink(missing_ok=True)  # ends the emulated AWS
    print(f"medians of {rounds} rounds: in process → package")
    for count in COUNTS:
        for step, _ in STEPS:
            here, there = (
                [statistics.median(figures) for figures in zip(*taken[way, count, step], strict=True)] for way in WAYS
            )
            seconds, cpu, memory = zip(here, there, strict=True)
            each = (there[0] - here[0]) / count
            print(
                f"{count:3} networks, {step:<8}  {seconds[0]:5.1f} → {seconds[1]:5.1f} s "
                f"({seconds[1] / seconds[0]:.2f}×, {each:+.2f} s a component)  "
                f"cpu {cpu[0]:5.1f} → {cpu[1]:5.1f} s ({cpu[1] / cpu[0]:.2f}×)  "
                f"memory {memory[0]:4.0f} → {memory[1]:4.0f} MB"
            )
    print(f"load of the machine at the end: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


def changed_over(found: dict[tuple[str, int], World]) -> None:
    """Say what a stack made in process has to change when its program uses the package."""
    here, there = (found[way, 1] for way in WAYS)
    must(here, "up")
    (here.project / "__main__.py").write_text((there.project / "__main__.py").read_text())
    outcome, _ = must(here, "up")
    print(f"a stack that changes over from in process to the package: {outcome.changes}")
    must(here, "destroy")


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 3)
