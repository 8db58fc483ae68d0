"""`pulumi up` of one team stack, and of the same resources from a flat program without components: the ratio.

    MLZ_ENGINE_DIR=… .venv/bin/python -m benchmarks.flat_program [STACK] [ROUNDS]

The flat program is made from a recording of the stack: the same types, names, inputs, providers and dependencies, one
after the other, with no component, no plan and no YAML. Where an input holds what AWS makes (an id, an ARN), it waits
for the resource that has it, as the stack does. It imports the same modules of pulumi_aws. Both run on the same
emulated AWS, one after the other, without preview and policy packs; each is destroyed before the other comes.
"""

import json
import os
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from benchmarks.organisation import Organisation, organisation
from benchmarks.processes import Watch
from checks.record import Recorded, Recording, record
from local.engine import version
from local.rehearsal import run
from stacks.build import build

PROGRAM = Path(__file__).with_name("flat") / "__main__.py"
PROVIDERS = {"pulumi:providers:aws"}
SHORTEST = 5
"""Shorter texts are no ids [characters]."""
SETTINGS = "name: flat\nruntime: {name: python, options: {virtualenv: VENV}}\n"


def flatten(recording: Recording) -> list[dict]:
    """The recording's resources in order; a reference to another one is its place in this list."""
    made = [resource for resource in recording.resources if resource.custom]
    places = {resource.urn: place for place, resource in enumerate(made)}
    providers = {resource.name: place for place, resource in enumerate(made) if resource.type in PROVIDERS}
    return [
        {
            "type": resource.type,
            "name": f"{place}-{resource.name}",
            "provider": providers.get(resource.provider),
            "dependencies": [places[urn] for urn in resource.dependencies if urn in places],
            "inputs": marked(resource.inputs, made_by(resource, made, places)),
        }
        for place, resource in enumerate(made)
    ]


def made_by(resource: Recorded, made: list[Recorded], places: dict[str, int]) -> dict[str, tuple[int, str]]:
    """What AWS made of the resources that *resource* depends on: value → place and property."""
    found = {}
    for urn in resource.dependencies:
        if urn in places:
            other = made[places[urn]]
            given = set(map(str, other.inputs.values()))
            found |= {
                value: (places[urn], key)
                for key, value in other.outputs.items()
                if isinstance(value, str) and len(value) > SHORTEST and value not in given
            }
    return found


def marked(value, known: dict[str, tuple[int, str]]):
    """*value*, each text that holds a known one cut into plain pieces and {"of": [place, property]}."""
    if isinstance(value, dict):
        return {key: marked(inner, known) for key, inner in value.items()}
    if isinstance(value, list):
        return [marked(inner, known) for inner in value]
    if not isinstance(value, str):
        return value
    pieces = [value]
    for text in sorted(known, key=len, reverse=True):
        cut = []
        for piece in pieces:
            if isinstance(piece, str):
                first, *others = piece.split(text)
                cut += [first, *(part for other in others for part in ({"of": known[text]}, other))]
            else:
                cut.append(piece)
        pieces = cut
    pieces = [piece for piece in pieces if piece != ""]
    return {"pieces": pieces} if any(isinstance(piece, dict) for piece in pieces) else value


def measure(ours: Organisation, stack: str, project: Path, *, flat: bool) -> tuple[float, float, int]:
    """Bring *stack* up and take it down; seconds, CPU seconds and resources of the `up`."""
    world = replace(ours.world, project=project) if flat else ours.world
    name = f"flat-{stack}" if flat else stack
    with Watch() as watch:
        up = run(world, "up", [name], needs={}, flags=["--skip-preview"])[0]
    if up.code:
        sys.exit(f"{name}: {[failure.message for failure in up.failures]} {up.note}")
    gone = run(world, "destroy", [name], needs={}, flags=["--skip-preview"])[0]
    if gone.code:
        sys.exit(f"{name} was not destroyed: {[failure.message for failure in gone.failures]}")
    return up.seconds, sum(watch.cpu.values()), up.changes["create"]


def main(stack: str, rounds: int) -> None:
    with organisation() as ours, tempfile.TemporaryDirectory() as folder:
        for needed in ("org", "dev"):
            ours.must("up", needed)
        project = Path(folder)
        virtual = Path(sys.prefix).resolve()
        (project / "Pulumi.yaml").write_text(SETTINGS.replace("VENV", str(virtual)))
        (project / "__main__.py").write_bytes(PROGRAM.read_bytes())
        recording = record(lambda: build(ours.zone, stack), stack=stack)
        (project / "resources.json").write_text(
            json.dumps({"version": version("pulumi-aws"), "resources": flatten(recording)})
        )
        sums = {True: [0.0, 0.0], False: [0.0, 0.0]}
        for _ in range(rounds):
            for flat in (False, True):
                seconds, cpu, made = measure(ours, stack, project, flat=flat)
                sums[flat][0] += seconds
                sums[flat][1] += cpu
                what = "flat" if flat else "stack"
                print(f"{what:<6} {made:>4} resources  up {seconds:6.1f} s  cpu {cpu:6.1f} s", flush=True)
    print(
        f"ratio: {sums[False][0] / sums[True][0]:.2f} of the time, {sums[False][1] / sums[True][1]:.2f} of the CPU time"
    )
    print(f"load of the machine at the end: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


if __name__ == "__main__":
    main(sys.argv[1] if sys.argv[1:] else "dev-fraud", int(sys.argv[2]) if sys.argv[2:] else 1)
