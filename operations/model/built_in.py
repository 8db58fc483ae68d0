"""Steps that name a built-in algorithm of SageMaker's, checked before a job is asked for."""

from collections.abc import Iterator

from operations.model.spec import Objective, TrainingStep, TuningStep
from zone.facts.algorithms import Algorithm, algorithm
from zone.specs.document import Path
from zone.specs.problems import Problem, few, meant
from zone.specs.source import Source


def unfit(source: Source, place: int, step: TrainingStep | TuningStep) -> Iterator[Problem]:
    """Yield what of a step that trains does not fit what trains: the model's own image, or a built-in algorithm.

    Args:
        source: the file.
        place: which of its steps it is, from 0.
        step: the step.
    """
    where: Path = ("steps", place)
    goal = step.tuning.objective if isinstance(step, TuningStep) else None
    if step.algorithm is None:
        if goal and goal.regex is None:
            text = "the required key is missing: how its value is found in what the container prints"
            yield source.problem((*where, "tuning", "objective", "regex"), text)
        return
    known = algorithm(step.algorithm.name)
    if step.algorithm.version not in known.versions:
        text = f"AWS has no version {step.algorithm.version} of {known.name}; allowed: {few(known.versions)}"
        yield source.problem((*where, "algorithm", "version"), text)
    yield from _channels(source, where, step, known)
    tuned = step.tuning.ranges if isinstance(step, TuningStep) else {}
    for name in known.required:
        if name not in {*step.hyperparameters, *tuned}:
            text = f"{known.name} does not start without {name}: add it under hyperparameters"
            yield source.problem((*where, "hyperparameters"), text)
    if goal is not None:
        yield from _objective(source, where, goal, known)
        if goal.name in known.metrics and known.channels[1] not in step.inputs:
            yield source.problem((*where, "inputs"), f"{goal.name} is of the channel {known.channels[1]}: add it")


def _channels(source: Source, where: Path, step: TrainingStep | TuningStep, known: Algorithm) -> Iterator[Problem]:
    """The algorithm has its training data, and no input that it does not know."""
    for channel in step.inputs:
        if channel not in known.channels:
            text = f"{known.name} reads no channel {channel}{meant(channel, known.channels)}; it reads"
            yield source.problem((*where, "inputs", channel), f"{text} {' and '.join(known.channels)}")
    if known.channels[0] not in step.inputs:
        text = f"{known.name} needs a channel {known.channels[0]}: name what it reads"
        yield source.problem((*where, "inputs"), text)


def _objective(source: Source, where: Path, goal: Objective, known: Algorithm) -> Iterator[Problem]:
    """Tuning looks at what the algorithm prints, which AWS defines."""
    place = (*where, "tuning", "objective")
    if goal.regex is not None:
        text = f"leave it out: AWS defines the metrics of {known.name} itself, and refuses others"
        yield source.problem((*place, "regex"), text)
    better = known.metrics.get(goal.name)
    if better is None:
        text = f"{known.name} prints no {goal.name}{meant(goal.name, known.metrics)}; allowed: {few(known.metrics)}"
        yield source.problem((*place, "name"), text)
    elif better != goal.type:
        yield source.problem((*place, "type"), f"{goal.name} is better the other way: {better}")
