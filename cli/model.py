"""`./mlz model`: a model's life, from its data to what answers and is watched."""

from pathlib import Path
from typing import Annotated

import typer

from cli.model_label import label as give_labels
from cli.model_monitor import put_baseline, watch
from cli.model_place import EXAMPLE, EXAMPLE_FOLDER, Chosen, Rehearsed, Where, tracking, where
from cli.model_run import execute
from cli.model_shown import console, show_versions
from cli.model_told import told
from cli.zone import AccountsOption, LocalOption, StateOption
from local.environments import shown
from operations.model import versions as registry
from operations.model.deploy import deployed, set_version
from operations.model.errors import ModelError, UndeclaredError
from operations.model.promote import approve
from operations.model.reading import FILE, undeclared
from operations.model.reading import read as read_model
from operations.model.spec import ModelSpec
from operations.model.tracking import CHAMPION
from operations.model.versions import APPROVED, Version
from zone import names
from zone.specs.scheduling import Check
from zone.specs.vocabulary import Persona

app = typer.Typer(
    help="A model's life: run its steps, compare versions, approve, deploy, watch, roll back.", no_args_is_help=True
)

PathArgument = Annotated[
    str, typer.Argument(help=f"The model's folder, with a model.yaml, or such a file in it; `{EXAMPLE}`: the example.")
]
NameArgument = Annotated[str, typer.Argument(help="The model, as under models of the team's file.")]
VersionArgument = Annotated[int, typer.Argument(help="Its version in the registry.", min=1)]
EnvironmentOption = Annotated[str, typer.Option("--env", "-e", help="Environment.")]
TeamOption = Annotated[str | None, typer.Option("--team", help="Team; needed where several have the model.")]
AsOption = Annotated[str | None, typer.Option("--as", help="Member who acts; if not given, the first one who may.")]
YES_ANYTHING = {"allow_extra_args": True, "ignore_unknown_options": True}


@app.callback()
def model() -> None:
    """A model's life: run its steps, compare versions, approve, deploy, watch, roll back.

    Exit code: 0 done; 1 refused by the gate, AWS or MLflow, or failed in a job; 2 bad input.
    """


@app.command(context_settings=YES_ANYTHING)
def run(
    context: typer.Context,
    path: PathArgument,
    *,
    environment: EnvironmentOption = "dev",
    team: TeamOption = None,
    again: Annotated[
        bool, typer.Option("--again", help="Repeat each step, also where nothing it reads changed.")
    ] = False,
    image: Annotated[
        str | None, typer.Option("--image", help="The model's image by digest, as pushed before; needed on AWS.")
    ] = None,
    local: LocalOption = False,
    state: StateOption = None,
    accounts: AccountsOption = None,
) -> None:
    """Run the steps of model.yaml as SageMaker jobs, judge the model, and register what passes.

    Steps whose inputs did not change are not repeated, and a run that was cut short goes on. Further options are handed
    to the first step, if model.yaml lists them.

    Examples: ./mlz model run churn --customers 2000 --seed 7
    ./mlz model run ../my-model --local --env dev
    ./mlz model run churn/xgboost.yaml
    """
    with told():
        folder, file = file_of(path)
        said = Chosen(environment=environment, team=team, accounts=accounts, state=state, local=local)
        here, _ = of_file(said, folder / file)
        passed = execute(here, folder, file=file, given=context.args, again=again, image=image)
    raise typer.Exit(0 if passed else 1)


@app.command()
def compare(
    name: NameArgument,
    *,
    environment: EnvironmentOption = "dev",
    team: TeamOption = None,
    local: LocalOption = False,
    state: StateOption = None,
    accounts: AccountsOption = None,
) -> None:
    """Show the versions of a model side by side: numbers, parameters, data, code, and where each is deployed."""
    with told():
        here, found = there(
            Chosen(environment=environment, team=team, accounts=accounts, state=state, local=local), name
        )
        clients = here.person(Persona.ML_ENGINEER).clients
        if not found:
            raise ModelError(f"{name} has no version yet: ./mlz model run registers one")
        show_versions(console(), found, registry.side_by_side(clients, found), in_use(here, name))


@app.command()
def label(
    path: PathArgument,
    file: Annotated[
        Path | None, typer.Argument(help="CSV with the columns item,label; without it all are shown.")
    ] = None,
    *,
    source: Annotated[str | None, typer.Option("--source", help="Where FILE's labels are known from.")] = None,
    member: AsOption = None,
    environment: EnvironmentOption = "dev",
    team: TeamOption = None,
    local: LocalOption = False,
    state: StateOption = None,
    accounts: AccountsOption = None,
) -> None:
    """Give labels, and show all that the team has: who labelled what, when, and how far people agree.

    Example: ./mlz model label churn called.csv --source "called on 2 November"
    """
    with told():
        folder, name = file_of(path)
        said = Chosen(environment=environment, team=team, accounts=accounts, state=state, local=local)
        here, spec = of_file(said, folder / name)
        give_labels(here, spec, file, source=source, member=member)


@app.command()
def promote(
    name: NameArgument,
    version: VersionArgument,
    *,
    why: Annotated[str, typer.Option("--why", help="Why; kept with the version.")] = "looked at and approved",
    member: AsOption = None,
    environment: EnvironmentOption = "dev",
    team: TeamOption = None,
    local: LocalOption = False,
    state: StateOption = None,
    accounts: AccountsOption = None,
) -> None:
    """Approve a version, as a reviewer: somebody else than who registered it.

    On AWS whoever is signed in acts, in a rehearsal a member of the team.
    """
    with told():
        here, found = there(
            Chosen(environment=environment, team=team, accounts=accounts, state=state, local=local), name
        )
        reviewer = here.person(Persona.REVIEWER, member)
        chosen = registry.one(found, name, version)
        new = approve(chosen, reviewer.clients, reviewer.name, why)
        crown(here, chosen)
        typer.echo(f"version {version} of {name} {'is approved' if new else 'was approved already'} ({reviewer.name})")
        typer.echo(f"next: ./mlz model deploy {name} {version}")


@app.command()
def deploy(
    name: NameArgument,
    version: VersionArgument,
    *,
    environment: EnvironmentOption = "dev",
    team: TeamOption = None,
    local: LocalOption = False,
    state: StateOption = None,
    accounts: AccountsOption = None,
) -> None:
    """Write an approved version into the team's file, and deploy that in a rehearsal; on AWS, commit it."""
    with told():
        here, found = there(
            Chosen(environment=environment, team=team, accounts=accounts, state=state, local=local), name
        )
        bring(here, name, found, version)


@app.command()
def rollback(
    name: NameArgument,
    *,
    environment: EnvironmentOption = "dev",
    team: TeamOption = None,
    local: LocalOption = False,
    state: StateOption = None,
    accounts: AccountsOption = None,
) -> None:
    """Go back to the newest approved version before the one that is deployed."""
    with told():
        here, found = there(
            Chosen(environment=environment, team=team, accounts=accounts, state=state, local=local), name
        )
        bring(here, name, found, registry.before(found, name, in_use(here, name)))


@app.command()
def monitor(
    name: NameArgument,
    *,
    check: Annotated[
        list[Check] | None, typer.Option("--check", help="Only this check; may be repeated. Not given: all.")
    ] = None,
    labels: Annotated[
        Path | None, typer.Option("--labels", help="What became known, as CSV: the checks model and bias read it.")
    ] = None,
    environment: EnvironmentOption = "dev",
    team: TeamOption = None,
    local: LocalOption = False,
    state: StateOption = None,
    accounts: AccountsOption = None,
) -> None:
    """Run the checks of the model's monitor now, in a rehearsal, and show what they found against which limit.

    Exit code: 0 in order, 1 past a limit or failed, 2 bad input.
    """
    with told("the same command runs it again"):
        here, _ = there(Chosen(environment=environment, team=team, accounts=accounts, state=state, local=local), name)
        fine = watch(here, name, [each.value for each in check or ()], labels)
    raise typer.Exit(0 if fine else 1)


def crown(here: Where, version: Version) -> None:
    """Let MLflow's alias `champion` stand for an approved version, if MLflow has it."""
    server = tracking(here, here.person(Persona.ML_ENGINEER))
    if server is not None and (uri := version.metadata.get(names.MLFLOW_VERSION)):
        _, name, number = uri.rsplit("/", 2)
        server.alias(name, CHAMPION, number)


def of_file(said: Chosen, file: Path) -> tuple[Where, ModelSpec]:
    """Return where the model of a *file* lives, and what that says; the example's own, where no accounts are named."""
    spec = read_model(file.parent, name=file.name)
    try:
        return where(said if file.parent != EXAMPLE_FOLDER else said.example(), spec.model), spec
    except UndeclaredError as error:
        raise undeclared(file, str(error)) from error


def there(said: Chosen, name: str) -> tuple[Where, list[Version]]:
    """Return where the model lives, and its versions; the example by its name, where no accounts are named."""
    here = where(said.example() if name == EXAMPLE else said, name)
    if isinstance(here, Rehearsed):
        if here.fresh:  # minutes of deploying would say no more
            raise ModelError(
                f"this rehearsal has just begun, so {name} has no version yet: ./mlz model run registers one"
            )
        here.up()
    return here, registry.versions(here.place, here.person(Persona.ML_ENGINEER).clients, name)


def bring(here: Where, name: str, found: list[Version], version: int) -> None:
    """Write a version into the team's file and deploy it."""
    chosen = registry.one(found, name, version)
    if chosen.status != APPROVED:
        raise ModelError(f"version {version} of {name} is {chosen.status}: ./mlz model promote {name} {version} first")
    file = here.accounts / here.team.account.source
    for change in set_version(file, name, version):
        typer.echo(f"{shown(file)}: {change.key}: {change.before or 'none'} → {change.after}")
    put_baseline(here, name, chosen, list(in_use(here, name)))
    stack = here.team.account.stack
    if not isinstance(here, Rehearsed):
        typer.echo(f"next: commit {shown(file)}, and ./mlz up {stack}")
        return
    here.read_again()
    here.up([stack])
    typer.echo(f"version {version} of {name} is deployed as {shown(file)} says")
    for place in in_use(here, name):
        kind, called, _ = place.split(".")
        if kind == "endpoints" and (address := here.place.contract.get(f"apis/{called}")):
            typer.echo(f"over HTTP, in the team's network: {address}")


def in_use(here: Where, name: str) -> dict[str, int | None]:
    """Return which version each place of the team's file names; nothing where it names none."""
    return deployed(here.accounts / here.team.account.source, name)


def folder_of(path: str) -> Path:
    """Return the model's folder: the example by its name, unless a folder of that name is here."""
    return EXAMPLE_FOLDER if path == EXAMPLE and not Path(path).is_dir() else Path(path).resolve()


def file_of(path: str) -> tuple[Path, str]:
    """Return the model's folder and the name of the file in it that says its steps."""
    if not path.endswith(".yaml"):
        return folder_of(path), FILE
    folder, _, name = path.rpartition("/")
    return folder_of(folder or "."), name
