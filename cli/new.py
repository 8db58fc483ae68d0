"""`./mlz new team`: onboarding; `./mlz new model`: a model's repository."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from cli.zone import AccountsOption
from local.deployment import PROJECT
from operations.model.errors import ModelError
from operations.model.new import new_model
from operations.onboarding import NewTeam, OnboardingError, onboard
from zone.plan.planner import chosen as chosen_files
from zone.specs.vocabulary import Persona

app = typer.Typer(help="Write the YAML of something new.", no_args_is_help=True)

EXAMPLE = PROJECT / "workloads" / "churn"
"""The model that a new one is copied from."""
PERSONAS = ", ".join(persona.value for persona in Persona)


@app.callback()
def new() -> None:
    """Write the YAML of something new."""


@app.command()
def team(
    name: Annotated[str, typer.Argument(help="Name of the team: small letters, digits, single hyphens.")],
    *,
    environment: Annotated[list[str], typer.Option("--environment", "-e", help="Environment; give it once for each.")],
    owner: Annotated[str, typer.Option(help="E-mail of who answers for the team.")],
    root_email: Annotated[str, typer.Option(help="Root e-mail of the AWS account, e.g. 'aws+{account}@example.com'.")],
    member: Annotated[
        list[str], typer.Option("--member", "-m", help=f"EMAIL:PERSONA; give it once for each. Personas: {PERSONAS}.")
    ],
    profile: Annotated[str, typer.Option(help="File under accounts/profiles/ that gives the rest.")] = "tabular",
    cost_centre: Annotated[str | None, typer.Option(help="Who pays; if not given, what the profile says.")] = None,
    accounts: AccountsOption = None,
) -> None:
    """Write a team's YAML, one file an environment, and record its addresses.

    Nothing is written unless the whole landing zone is right with it. Next: `./mlz plan`, and a pull request.

    Example: ./mlz new team pricing -e dev -e prod --owner ada@example.com
    --root-email 'aws+{account}@example.com' -m ada@example.com:data_scientist
    """
    members = [parsed(each) for each in member]
    folder, lock = chosen_files(accounts)
    wanted = NewTeam(
        name=name, profile=profile, owner=owner, root_email=root_email, cost_centre=cost_centre, members=members
    )
    try:
        written = onboard(wanted, environment, folder, lock)
    except OnboardingError as error:
        sys.stderr.write("".join(f"mlz: {line}\n" for line in str(error).splitlines()))
        raise typer.Exit(2) from None
    for path, block in written.items():
        typer.echo(f"{path}  {block}")
    stacks = [f"{path.parent.name}-{name}" for path in written]
    typer.echo(
        f"addresses recorded in {lock}: commit it with the YAML\n\n"
        f"next: ./mlz plan {' '.join(stacks)}  # what it becomes\n"
        "      ./mlz up org  # makes the account and records its id: commit it\n"
        f"      ./mlz up {' '.join(dict.fromkeys(environment))} {' '.join(stacks)}  # the platform lets it in\n"
        "With --local behind `up`: a rehearsal on this machine."
    )


@app.command()
def model(
    name: Annotated[str, typer.Argument(help="Name of the model: small letters and digits.")],
    *,
    into: Annotated[
        Path | None, typer.Option("--into", help="Folder to make; if not given, NAME here.", show_default=False)
    ] = None,
) -> None:
    """Write a model's repository: the worked example under another name, which runs and passes its tests at once.

    Example: ./mlz new model pricing --into ../pricing
    """
    try:
        folder = (into or Path(name)).resolve()
        written = new_model(name, EXAMPLE, folder)
    except ModelError as error:
        sys.stderr.write(f"mlz: {error}\n")
        raise typer.Exit(2) from None
    typer.echo(
        f"{len(written)} files in {folder}\n"
        f"next: declare it in the team's file (models: [{name}]), then ./mlz model run {folder} --local"
    )


def parsed(member: str) -> tuple[str, str]:
    """Read EMAIL:PERSONA.

    Raises:
        typer.BadParameter: it is not of that form.
    """
    email, _, persona = member.rpartition(":")
    if not email or persona not in {each.value for each in Persona}:
        raise typer.BadParameter(f"{member!r} is not EMAIL:PERSONA; personas are {PERSONAS}")
    return email, persona
