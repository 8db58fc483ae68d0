"""Where `./mlz model` works: a team's account, rehearsed on this machine or on AWS, and the people who act in it."""

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import boto3
import typer
from botocore.exceptions import (
    NoCredentialsError,
    PartialCredentialsError,
    ProfileNotFound,
    SSOError,
    TokenRetrievalError,
)

from cli.bars import progress_shown
from cli.outcomes import RunFormat, show
from cli.run import WORKERS
from cli.zone import read_zone
from local.cloud import Cloud, running_cloud
from local.deployment import DEFAULT_STATE, PROJECT, deploy, rehearsal
from local.engine import find_engine
from local.environments import shown
from local.person import VPC, administrator, person
from local.recorded import ORG
from local.selected import changed
from operations.model.deploy import forget_versions
from operations.model.errors import ModelError, RefusedError, UndeclaredError
from operations.model.place import Clients, Place, place_of, published
from operations.model.tracking import Tracking
from zone import names
from zone.plan.describe import dependencies
from zone.plan.planner import chosen, read
from zone.plan.zone import TeamPlan, ZonePlan
from zone.specs.problems import few, meant
from zone.specs.vocabulary import Persona

EXAMPLE = "churn"
"""The worked example: `workloads/churn`, rehearsed with accounts of its own."""
EXAMPLE_FOLDER = PROJECT / "workloads" / EXAMPLE
EXAMPLE_STATE = DEFAULT_STATE.with_name(EXAMPLE)
COPY = "accounts"
"""Folder of a rehearsal's state with the example's accounts, copied: the user may edit them, and `deploy` does."""


_NOBODY = (NoCredentialsError, PartialCredentialsError, ProfileNotFound, SSOError, TokenRetrievalError)
"""What boto3 raises where nobody is signed in."""


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """What the command line says of where."""

    environment: str
    team: str | None
    accounts: Path | None
    state: Path | None
    local: bool

    def example(self) -> "Chosen":
        """The worked example's place, for what the command line leaves open: a copy, which may be edited."""
        if self.accounts or not EXAMPLE_FOLDER.is_dir():
            return self
        state = self.state or EXAMPLE_STATE
        copy = state / COPY
        if not copy.is_dir():
            state.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=state, prefix=".accounts-") as partial:
                made = Path(shutil.copytree(PROJECT / "examples" / EXAMPLE, Path(partial) / "accounts"))
                try:
                    made.rename(copy)
                except OSError:
                    if not copy.is_dir():  # else another first command made it meanwhile
                        raise
        return Chosen(environment=self.environment, team=self.team, accounts=copy, state=state, local=True)


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody who acts."""

    name: str
    """At sign-in."""

    clients: Clients


class OnAws:
    """AWS itself: whoever is signed in acts, and AWS decides what that person may."""

    pause_seconds = 10.0

    def __init__(self, where: Chosen, model: str) -> None:
        self.accounts, _ = chosen(where.accounts)
        self.team = team_of(read_zone(where.accounts), where, model)
        self.reports = (where.state or DEFAULT_STATE) / "reports" / self.team.account.stack
        self.records = (where.state or DEFAULT_STATE) / "models" / self.team.account.stack

    tracked_at: tuple[str, Mapping[str, str]] = ("", {})

    @cached_property
    def place(self) -> Place:
        """The team's account."""
        return place_of(self.team, published(self.person(Persona.ML_ENGINEER).clients))

    def person(self, _persona: Persona, _wanted: str | None = None) -> Person:
        """Who is signed in, whatever the persona."""
        try:
            session = boto3.Session(region_name=self.team.account.region)
            caller = session.client("sts").get_caller_identity()
        except _NOBODY as error:
            raise ModelError(
                f"nobody is signed in to AWS ({error}): sign in to {self.team.account.stack}, "
                f"{self.team.account.account_id}, or rehearse with --local"
            ) from error
        if caller["Account"] != self.team.account.account_id:
            raise ModelError(
                f"the credentials are of account {caller['Account']}; sign in to {self.team.account.stack}, "
                f"{self.team.account.account_id}, or rehearse with --local"
            )
        return Person(name=caller["Arn"].rpartition("/")[2], clients=session.client)


class Rehearsed:
    """The emulated AWS of this machine: each person's own credentials, in the team's network."""

    pause_seconds = 0.3

    def __init__(self, where: Chosen, model: str) -> None:
        self.accounts, lock = chosen(where.accounts)
        team_of(read_zone(where.accounts), where, model)  # a mistake is said before anything starts
        state = where.state or DEFAULT_STATE
        engine = find_engine()
        self.fresh = running_cloud(state) is None
        """Whether the emulated AWS was started just now: there is nothing in it."""
        if self.fresh:
            typer.echo("starts an emulated AWS on this machine, which outlives this command: ./mlz rehearsal", err=True)
        self.world, self.lock = rehearsal(engine, state, self.accounts, lock)
        if self.world.lost:
            typer.echo(self.world.lost, err=True)
        self.zone = read(self.accounts, self.lock)
        if self.fresh and self.accounts.resolve() == (state / COPY).resolve():
            self._forget()
        self.team = team_of(self.zone, where, model)
        self.stacks = [ORG, where.environment, self.team.account.stack]
        found = running_cloud(state)
        if found is None:
            raise RefusedError("the emulated AWS has ended meanwhile: run the same command again")
        self.cloud: Cloud = found
        self.reports = state / "reports" / self.team.account.stack
        # What was done there ends with it.
        self.records = (self.world.state or state) / "models" / self.team.account.stack

    def _forget(self) -> None:
        """Take out of the copied files what an earlier rehearsal deployed: its registry ended with it.

        The stack could not be made else. Files of the user's own are left as they are.
        """
        for team in self.zone.teams.values():
            file = self.accounts / team.account.source
            for change in [each for model in team.models for each in forget_versions(file, model)]:
                typer.echo(f"{shown(file)}: {change.key}: {change.before} → none: its registry has ended", err=True)
        self.zone = read(self.accounts, self.lock)

    def up(self, stacks: Sequence[str] | None = None) -> None:
        """Deploy what of *stacks*, if not given all that the team needs, is not deployed as the files say.

        Raises:
            typer.Exit: 1 where a stack failed; what failed is printed.
        """
        wanted = changed(self.world, self.zone, stacks or self.stacks)
        if not wanted:
            return
        typer.echo(f"deploys {', '.join(wanted)} there, by Pulumi; takes minutes the first time", err=True)
        with progress_shown(wanted) as report:
            outcomes = deploy(
                self.world,
                "up",
                wanted,
                needs=dependencies(self.zone),
                lock=self.lock,
                workers=WORKERS,
                flags=["--skip-preview"],
                report=report,
            )
        if any(outcome.code for outcome in outcomes):
            show(outcomes, RunFormat.TEXT)
            raise typer.Exit(1)
        self.read_again()  # with the ids that are known by now

    @property
    def tracked_at(self) -> tuple[str, Mapping[str, str]]:
        """Where MLflow is asked, and by which headers besides AWS's."""
        return self.cloud.endpoint, {VPC: self.place.contract["network/vpc-id"]}

    def read_again(self) -> None:
        """Plan what the files say by now, and forget what the stack published before."""
        self.__dict__.pop("place", None)
        self.zone = read(self.accounts, self.lock)
        self.team = self.zone.teams[self.team.account.stack]

    @cached_property
    def place(self) -> Place:
        """The team's account, as its stack publishes it."""
        return place_of(self.team, published(self.administrator))

    @cached_property
    def administrator(self) -> Clients:
        """Who provisions the account: the stacks, and whoever pushes images."""
        account = self.team.account
        return administrator(self.cloud, account.account_id, account.role, region=account.region)

    def person(self, persona: Persona, wanted: str | None = None) -> Person:
        """A member of that persona, the first one or the *wanted* one, with Studio's credentials.

        Raises:
            ModelError: the team has no such member.
        """
        there = {key: each for key, each in self.team.members.items() if each.persona is persona and not each.left}
        if wanted is not None and wanted not in there:
            known = few(there) if there else "none"
            raise ModelError(f"{self.team.account.source} has no {persona.value} {wanted}; there are {known}")
        if not there:
            raise ModelError(
                f"{self.team.account.source} has no {persona.value} among its members: add one, and deploy"
            )
        profile = wanted or next(iter(there))
        contract = self.place.contract
        keys = {"sagemaker:DomainId": contract["studio/domain-id"], "sagemaker:UserProfileName": profile}
        role = self.place.role(names.PERSONA_ROLES[persona.value])
        acting = person(self.cloud, role, keys, region=self.team.account.region, vpc=contract["network/vpc-id"])
        return Person(name=there[profile].sign_in, clients=acting)


Where = OnAws | Rehearsed


def tracking(here: Where, who: Person) -> Tracking | None:
    """Return the team's managed tracking server, as *who* reaches it; None: it has none."""
    contract, (address, headers) = here.place.contract, here.tracked_at
    if "mlflow/server-arn" not in contract:
        return None
    return Tracking(
        server_arn=contract["mlflow/server-arn"],
        role_arn=contract["mlflow/access-role-arn"],
        region=here.team.account.region,
        clients=who.clients,
        address=address,
        headers=headers,
    )


def where(said: Chosen, model: str) -> Where:
    """Return where the command works; a rehearsal is started, and not yet deployed."""
    return Rehearsed(said, model) if said.local else OnAws(said, model)


def team_of(zone: ZonePlan, said: Chosen, model: str) -> TeamPlan:
    """Return the team of the environment that has the model.

    Raises:
        UndeclaredError: none has.
        ModelError: several have, or there is no such environment or team.
    """
    if said.environment not in zone.platforms and not any(
        each.account.environment == said.environment for each in zone.teams.values()
    ):
        known = sorted({each.account.environment for each in zone.teams.values()})
        raise ModelError(f"no environment {said.environment}{meant(said.environment, known)}; there are {few(known)}")
    there = {each.team: each for each in zone.teams.values() if each.account.environment == said.environment}
    if said.team and said.team not in there:
        raise ModelError(f"no team {said.team} in {said.environment}{meant(said.team, there)}; there are {few(there)}")
    having = [each for name, each in there.items() if model in each.models and said.team in {None, name}]
    if len(having) == 1:
        return having[0]
    if having:
        raise ModelError(f"{few([each.team for each in having])} all have a model {model}: say --team")
    models = sorted({one for each in there.values() for one in each.models})
    known = [*models, EXAMPLE] if said.accounts is None else models
    what = f"no team of {said.environment} declares a model {model}{meant(model, known)}"
    raise UndeclaredError(f"{what}; there are {few(models)}: add it under models of the team's file")
