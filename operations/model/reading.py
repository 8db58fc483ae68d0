"""Reads a model's folder: model.yaml, with all its problems at once, and what else its image needs."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from operations.model.built_in import unfit
from operations.model.spec import ADAPTER, CHAMPION, MODEL, ModelSpec, ProcessingStep, outputs
from zone.plan.zone import TeamPlan
from zone.specs.document import parse
from zone.specs.explain import validate
from zone.specs.problems import Problem, SpecErrors, few, meant
from zone.specs.source import Source

FILE: Final = "model.yaml"
EVALUATION: Final = "evaluation"
"""Output of the gate's step: gate.json, evaluation.json and what they are shown with."""
_NEEDED: Final = {
    "requirements.txt": "lock the model's libraries with hashes: uv pip compile --generate-hashes",
    "bin/train": "SageMaker starts training by this command: write it, and make it executable",
}


def read(folder: Path, team: TeamPlan | None = None, name: str = FILE) -> ModelSpec:
    """Return what *folder* says of its model in the file *name*, checked against its *team*'s where one is given.

    Raises:
        SpecErrors: all that is wrong, with file, line and key.
    """
    file = folder / name
    if not file.is_file():
        what = f"there is no {name}" if folder.is_dir() else "a file" if folder.exists() else "no such folder"
        file = file if folder.is_dir() else folder
        raise SpecErrors([Problem(str(file), 1, "", f"{what}: name a model's folder, or make one: ./mlz new model")])
    document, problems = parse(str(file), file.read_bytes())
    if problems:
        raise SpecErrors(problems)
    source = Source(document)
    spec = validate(ADAPTER, source, problems)
    if spec is None:
        raise SpecErrors(problems)
    problems = [*_order(spec, source), *_files(folder, spec), *(_declared(spec, source, team) if team else ())]
    if problems:
        raise SpecErrors(problems)
    return spec


def undeclared(file: Path, what: str) -> SpecErrors:
    """Return that no team has the model of the *file*, which could be read; *what* says it."""
    document, _ = parse(str(file), file.read_bytes())
    return SpecErrors([Source(document).problem(("model",), what)])


def _order(spec: ModelSpec, source: Source) -> Iterator[Problem]:
    """Each step reads what an earlier one leaves; the gate and the model are there."""
    left: dict[str, tuple[str, ...]] = {CHAMPION: (MODEL,)}
    for place, step in enumerate(spec.steps):
        if step.name in left:
            yield source.problem(("steps", place, "name"), f"{step.name} stands there twice: rename one of them")
        for channel, reference in step.inputs.items():
            name, _, output = reference.partition("/")
            known = [f"{each}/{one}" for each, ones in left.items() for one in ones]
            if output not in left.get(name, ()):
                text = f"no earlier step leaves {reference}{meant(reference, known)}; allowed: {few(known)}"
                yield source.problem(("steps", place, "inputs", channel), text)
        if isinstance(step, ProcessingStep):
            group = any("{feature_group}" in word for word in step.command)
            if group and spec.feature_group is None:
                text = "{feature_group} stands for nothing: say feature_group at the top of the file"
                yield source.problem(("steps", place, "command"), text)
        else:
            yield from unfit(source, place, step)
        left[step.name] = outputs(step)
    makers = [step.name for step in spec.steps if MODEL in outputs(step)]
    if not makers:
        yield source.problem(("steps",), "no step trains a model: add one with job: training or tuning")
    elif spec.trained is not None and spec.trained not in makers:
        yield source.problem(("trained",), f"{spec.trained} leaves no model; allowed: {few(makers)}")
    judges = [step.name for step in spec.steps if EVALUATION in outputs(step)]
    if spec.gate not in judges:
        allowed = few(judges) if judges else f"none: give a processing step the output {EVALUATION}"
        yield source.problem(("gate",), f"{spec.gate} has no output {EVALUATION}; allowed: {allowed}")


def _files(folder: Path, spec: ModelSpec) -> Iterator[Problem]:
    trains = any(not isinstance(step, ProcessingStep) and step.algorithm is None for step in spec.steps)
    for name, remedy in _NEEDED.items():
        if not (folder / name).is_file() and (trains or name != "bin/train"):
            yield Problem(str(folder / name), 1, "", f"the file is missing: {remedy}")
    train = folder / "bin" / "train"
    if trains and train.is_file() and not os.access(train, os.X_OK):
        yield Problem(str(train), 1, "", f"SageMaker could not start it: make it executable, chmod +x {train}")


def _declared(spec: ModelSpec, source: Source, team: TeamPlan) -> Iterator[Problem]:
    """What the file names is declared in the team's own file."""
    named = {
        ("model",): (spec.model, "models", team.models),
        ("dataset",): (spec.dataset, "datasets", team.datasets),
        ("feature_group",): (spec.feature_group, "feature_groups", tuple(team.feature_groups)),
        ("scores",): (spec.scores, "datasets", team.datasets),
    }
    for key, (name, where, declared) in named.items():
        if name is not None and name not in declared:
            text = f"{team.account.source} declares no {name}{meant(name, declared)} under {where}; it has"
            yield source.problem(key, f"{text} {', '.join(declared) or 'none'}")
    types = dict(team.instance_types)
    for place, step in enumerate(spec.steps):
        if not types.get(step.job):
            text = f"{team.account.source} allows no instance type for {step.job}: add one under instance_types"
            yield source.problem(("steps", place, "job"), text)
        if step.max_minutes > team.max_runtime_hours * 60:
            most = team.max_runtime_hours * 60
            text = f"too large, got {step.max_minutes}; the team's jobs run {most} minutes at most"
            yield source.problem(("steps", place, "max_minutes"), text)
