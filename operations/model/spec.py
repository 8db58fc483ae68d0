"""`model.yaml`'s types: the steps of a model's life, each a job of SageMaker's.

Numbers of jobs and ranges are AWS's own limits where no other is said. Source: botocore 1.44, SageMaker,
CreateHyperParameterTuningJob, and SageMaker Developer Guide, "Resource limits for automatic model tuning", read
2026-11-30.
"""

from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints, TypeAdapter

from zone.specs.spec import Spec
from zone.specs.values import Key, Unique, words

MODEL: Final = "model"
"""What a training or a tuning step leaves: model.tar.gz, of tuning the best one's."""

CHAMPION: Final = "champion"
"""The newest approved version, as an input: `champion/model`. Without one the input is left out."""

Reference = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z][a-z0-9-]*/[a-z][a-z0-9-]*$"),
    words("STEP/OUTPUT of an earlier step, or champion/model"),
]
Channel = Annotated[
    str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$", max_length=64), words("small letters, digits and hyphens")
]
Word = Annotated[str, StringConstraints(min_length=1, max_length=256), words("a text in quotes")]
Minutes = Annotated[int, Field(ge=1, le=7 * 24 * 60)]
Scalar = Annotated[str | int | float | bool, words("a text or a number")]


class _Step(Spec):
    """What all steps say."""

    name: Key
    """Name of the step: others read what it leaves as NAME/OUTPUT."""

    inputs: dict[Channel, Reference] = Field({})
    """What it reads: channel → STEP/OUTPUT of an earlier step, or `champion/model`."""

    environment: dict[Word, Word] = Field({})
    """Further environment variables of the container."""

    max_minutes: Minutes = 60
    """The job is stopped after this time [minutes]."""


class ProcessingStep(_Step):
    """A processing job: a command in the model's image."""

    job: Literal["processing"]
    """The kind of job."""

    role: Literal["processing", "ingestion"] = "processing"
    """The team's role that the container works under; `ingestion` writes features."""

    command: Annotated[tuple[Word, ...], Field(min_length=1, max_length=100)]
    """The command and its words; `{feature_group}` stands for the full name of the team's feature group."""

    outputs: Unique[Channel] = ()
    """What it leaves: folders below /opt/ml/processing/output."""


class BuiltIn(Spec):
    """A built-in algorithm of SageMaker's: its image trains in the place of the model's own.

    Its inputs are `train` and, if it is to be watched, `validation`: CSV of numbers, without a header, the label first.
    """

    name: Literal["xgboost"]
    """The algorithm."""

    version: Word
    """Version of its image, as AWS names it: zone/facts/algorithms.json has them."""


class _FittingStep(_Step):
    """What steps say that train."""

    algorithm: BuiltIn | None = None
    """A built-in algorithm; if not given, the model's own image trains."""

    hyperparameters: dict[Word, Scalar] = Field({})
    """Hyperparameters, as the container reads them; those that tuning leaves as they are."""


class TrainingStep(_FittingStep):
    """A training job: `train` in the model's image, or a built-in algorithm; leaves `model`."""

    job: Literal["training"]
    """The kind of job."""

    role: Literal["training"] = "training"
    """The team's role that the container works under."""


class Range(Spec):
    """From where to where a hyperparameter is tried."""

    least: float
    """Smallest value."""

    most: float
    """Largest value."""

    whole: bool = False
    """Whole numbers only."""

    scale: Literal["Auto", "Linear", "Logarithmic"] = "Auto"
    """How values are spread."""


class Objective(Spec):
    """What tuning makes best, and where the container says it."""

    name: Word
    """Name of the metric."""

    regex: Word | None = None
    """Finds its value in what the container prints; not given for a built-in algorithm, whose metrics AWS defines."""

    type: Literal["Maximize", "Minimize"] = "Maximize"
    """What is best."""


class Tuning(Spec):
    """How values are searched for."""

    strategy: Literal["Random", "Bayesian"] = "Bayesian"
    """How the next values are chosen."""

    max_jobs: Annotated[int, Field(ge=1, le=750)] = 4
    """Training jobs in all [count]."""

    parallel: Annotated[int, Field(ge=1, le=100)] = 1
    """Training jobs at once [count]."""

    ranges: Annotated[dict[Word, Range], Field(min_length=1, max_length=30)]
    """Hyperparameters that are searched."""

    objective: Objective
    """What is made best."""


class TuningStep(_FittingStep):
    """A tuning job: training jobs with values that are searched; leaves the best one's `model`."""

    job: Literal["tuning"]
    """The kind of job."""

    role: Literal["tuning"] = "tuning"
    """The team's role that the containers work under."""

    tuning: Tuning
    """How the others are searched."""


Step = Annotated[ProcessingStep | TrainingStep | TuningStep, Field(discriminator="job")]


class ModelSpec(Spec):
    """A model: of which data, by which steps, judged by which of them."""

    model: Key
    """Name under `models` of the team's file: its image repository and its model package group."""

    dataset: Key
    """Name under `datasets` of the team's file: what steps leave lies below it."""

    feature_group: Key | None = None
    """Name under `feature_groups` of the team's file, where a step publishes features."""

    scores: Key | None = None
    """Name under `datasets` of the team's file: where batches leave their scores."""

    labels: Unique[Word] = ()
    """Labels that people may give to items of the data set, by `./mlz model label`; none: nobody labels."""

    options: Unique[Channel] = ()
    """Options of the first step's command, without their hyphens, that `./mlz model run` hands on."""

    steps: Annotated[tuple[Step, ...], Field(min_length=1, max_length=20)]
    """The steps, in order."""

    gate: Key
    """The processing step whose output `evaluation` holds gate.json: it says whether the model may be registered."""

    trained: Key | None = None
    """The step whose `model` is registered; if not given, the last one that leaves one."""

    @property
    def registered(self) -> str:
        """Name of the step whose model is registered."""
        return self.trained or [step.name for step in self.steps if step.job != "processing"][-1]


ADAPTER: Final[TypeAdapter[ModelSpec]] = TypeAdapter(ModelSpec)


def outputs(step: ProcessingStep | TrainingStep | TuningStep) -> tuple[str, ...]:
    """What a step leaves."""
    return step.outputs if isinstance(step, ProcessingStep) else (MODEL,)
