"""`./mlz model run`: what is installed and started, the steps, the gate, the registry, and where to look."""

import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import typer

from cli.model_place import Person, Rehearsed, Where, tracking
from cli.model_shown import console, show_gate, show_numbers, show_report, steps_shown
from local.containers.algorithms import RUNS_HERE
from local.containers.images import push, snapshot
from local.environments import environment
from local.tracking import REQUIREMENTS as MLFLOW
from operations.model import jobs, versions
from operations.model.errors import ModelError
from operations.model.features import features
from operations.model.options import options
from operations.model.reading import EVALUATION, FILE
from operations.model.reading import read as read_model
from operations.model.register import params, register
from operations.model.run import Order, Run, run
from operations.model.source import commit
from operations.model.spec import ModelSpec, ProcessingStep
from operations.model.state import held
from operations.model.stored import keep
from operations.model.tracking import CHALLENGER, TOLD
from operations.model.versions import AUTHOR
from zone import names
from zone.specs.vocabulary import Persona

_TAG = 12
"""Characters of an image's content that name it [count]."""


def execute(
    here: Where, folder: Path, *, file: str = FILE, given: Sequence[str], again: bool, image: str | None
) -> bool:
    """Run a model's steps; return whether its gate let it pass, and so registered it.

    Raises:
        ModelError, StepFailedError, SpecErrors: see operations.model.
    """
    began = time.monotonic()
    spec = read_model(folder, here.team, file)
    further = options(spec, given)
    with held(here.records, spec.model) as state:
        uri = image or pushed(here, folder, spec)
        engineer = here.person(Persona.ML_ENGINEER)
        state.again += 1 if again else 0
        order = Order(
            spec=spec,
            place=here.place,
            clients=engineer.clients,
            image=uri,
            options=further,
            environment=variables(here, folder, uri),
            features=features(here.place, engineer.clients, spec),
            wait=jobs.pause(here.pause_seconds),
        )
        with steps_shown([step.name for step in spec.steps]) as say:
            done = run(order, state, say)
        if done.gate is None:
            raise ModelError(f"{spec.gate} was not reached")
        reports = here.reports / spec.model / done.id
        kept = keep(engineer.clients, done.output(f"{spec.gate}/{EVALUATION}"), reports)
        out = console()
        show_gate(out, done.gate)
        if not done.gate.passed:
            show_report(out, kept)
            typer.echo(f"the gate refused the model: nothing was registered ({time.monotonic() - began:.0f} s)")
            return False
        said = metadata(order, engineer) | tracked(here, engineer, done, spec, reports / TOLD)
        version = register(order, state, done, said)
    if not image and isinstance(here, Rehearsed):
        push(here.administrator("ecr"), names.repository(here.team.team, spec.model), f"v{version.number}", folder)
    show_numbers(out, "The numbers", dict(versions.metrics(engineer.clients, version)))
    show_numbers(out, "Made of", {**version.metadata, **params(order, done)})
    show_report(out, kept)
    if server := tracking(here, engineer):
        try:
            out.print(f"MLflow: {server.pages()}", soft_wrap=True, markup=False)
        except ModelError as error:  # the version is registered all the same
            typer.echo(f"note: {error}", err=True)
    typer.echo(
        f"version {version.number} of {spec.model} is {version.status} ({time.monotonic() - began:.0f} s)\n"
        f"next: ./mlz model compare {spec.model}\n"
        f"      ./mlz model promote {spec.model} {version.number}   # as a reviewer"
    )
    return True


def pushed(here: Where, folder: Path, spec: ModelSpec) -> str:
    """Return the model's image by its digest; in a rehearsal what is needed is installed, deployed and pushed.

    Raises:
        ModelError: on AWS nobody but a build pushes.
    """
    repository = names.repository(here.team.team, spec.model)
    if not isinstance(here, Rehearsed):
        raise ModelError(f"on AWS a build pushes images (docs/images.md): name one of {repository} by --image")
    frozen = snapshot(folder)
    for place in (folder, *built_in(spec)):
        environment(place / "requirements.txt", _say)
    here.up()
    if "mlflow/server-arn" in here.place.contract:
        environment(MLFLOW, _say)  # else the first job that logs would wait for it, without a word
    return push(here.administrator("ecr"), repository, frozen.name[:_TAG], folder)


def _say(said: str) -> None:
    typer.echo(said, err=True)


def built_in(spec: ModelSpec) -> Iterator[Path]:
    """Yield the folders that stand for the images of the built-in algorithms that the steps name.

    Raises:
        ModelError: one has none here.
    """
    for step in spec.steps:
        if isinstance(step, ProcessingStep) or step.algorithm is None:
            continue
        named = (step.algorithm.name, step.algorithm.version)
        if named not in RUNS_HERE:
            known = ", ".join(" ".join(each) for each in RUNS_HERE)
            raise ModelError(
                f"{step.name}: {' '.join(named)} does not run in a rehearsal: its image lies in an account of AWS's, "
                f"and what stands for it here is {known}"
            )
        yield RUNS_HERE[named]


def variables(here: Where, folder: Path, image: str) -> dict[str, str]:
    """Return what all containers are told: of which code they are, and where runs are tracked."""
    contract, team = here.place.contract, here.team
    tracking = contract.get(names.TRACKING_URI) or contract.get("mlflow/server-arn", "")
    said = {
        "MLZ_GIT_COMMIT": commit(folder, image.rpartition("@")[2]),
        "MLZ_SOURCE": image,
        "MLFLOW_TRACKING_URI": tracking,
        "MLFLOW_EXPERIMENT_NAME": team.team,
        "SAGEMAKER_MLFLOW_ASSUME_ROLE_ARN": contract.get("mlflow/access-role-arn", ""),
    }
    return {name: value for name, value in said.items() if value}


def tracked(here: Where, who: Person, done: Run, spec: ModelSpec, told: Path) -> dict[str, str]:
    """Register the model in MLflow as well, where its run is tracked there; return what the version says of that."""
    server = tracking(here, who)
    if server is None or not told.is_file():
        return {}
    name = names.model_package_group(here.team.team, spec.model)
    version = server.register(name, json.loads(told.read_text()), {"run": done.id, "data_version": done.data_version})
    server.alias(name, CHALLENGER, version)
    return {names.MLFLOW_VERSION: f"models:/{name}/{version}"}


def metadata(order: Order, author: Person) -> dict[str, str]:
    """Return what the version says of itself."""
    return {"git_commit": order.environment["MLZ_GIT_COMMIT"], AUTHOR: author.name}
