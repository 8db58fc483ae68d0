"""`./mlz doctor`: what a deployment needs and lacks."""

import json
import os
from collections.abc import Iterator
from dataclasses import asdict
from itertools import chain
from typing import Annotated

import typer

from cli.outcomes import RunFormat
from cli.run import FormatOption
from cli.zone import AccountsOption, read_zone
from local.deployment import PROJECT
from local.engine import find_engine
from local.settings import backend
from operations.doctor.aws import of_aws
from operations.doctor.finding import LACKS, OK, UNKNOWN, Finding
from operations.doctor.machine import of_machine
from stacks.inputs import granted_of
from zone.plan.planner import chosen as chosen_files
from zone.plan.quotas import answers, needs
from zone.plan.zone import ZonePlan


def doctor(
    *,
    local: Annotated[bool, typer.Option("--local", help="Only this machine: what a rehearsal needs.")] = False,
    accounts: AccountsOption = None,
    output: FormatOption = RunFormat.TEXT,
) -> None:
    """Say what a deployment needs and lacks, each with its remedy. Changes nothing.

    This machine (Python, engine, Pulumi's files, what is not committed), and as the management account: clock,
    organisation, trusted access, state bucket, keys and CI roles, Identity Center, entry to each account, quotas. Works
    without credentials, network or engine, and says which is missing.

    Exit code: 0 nothing is missing, 1 something is or could not be read, 2 bad input.
    """
    zone = read_zone(accounts)
    folder, _ = chosen_files(accounts)
    findings = []
    chosen = backend(PROJECT, os.environ)
    looks = [of_machine(zone, PROJECT, folder, engine=lambda: find_engine().source, backend=chosen)]
    if not local:
        said = of_aws(zone, PROJECT, lambda what: typer.echo(f"reading {what}", err=True), backend=chosen)
        looks += [said, quotas_of(zone)]
    for finding in chain.from_iterable(looks):
        findings.append(finding)
        if output is RunFormat.TEXT:
            show(finding)
    if output is RunFormat.JSON:
        typer.echo(json.dumps([asdict(finding) for finding in findings], indent=2))
    raise typer.Exit(1 if any(finding.state in {LACKS, UNKNOWN} for finding in findings) else 0)


def quotas_of(zone: ZonePlan) -> Iterator[Finding]:
    """What `./mlz quotas` says, in a line."""
    short = [answer for answer in answers(needs(zone, granted_of(zone)), {}) if not answer.fits]
    if not short:
        yield Finding(OK, "quotas", "what the plan needs is declared or AWS's default")
    else:
        yield Finding(LACKS, "quotas", f"{len(short)} are too low as declared", "`./mlz quotas` says what to ask for")


def show(finding: Finding) -> None:
    """Print one finding, its remedy below."""
    typer.echo(f"{finding.state:<8} {finding.what:<16} {finding.says}")
    for line in finding.remedy.splitlines():
        typer.echo(f"{'':<25} {line.strip()}")
