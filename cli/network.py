"""`./mlz network`: which endpoints a team's network needs, and whether one that is there has them."""

import json
import sys
from typing import Annotated

import typer
from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console

from cli.outcomes import RunFormat, show_text
from cli.run import FormatOption
from cli.zone import AccountsOption, read_zone
from operations.network import lacks
from operations.session import SignInError, session_in
from zone.plan.endpoints import endpoint_policy
from zone.plan.zone import TeamPlan
from zone.specs.problems import meant


def network(
    stack: Annotated[str, typer.Argument(help="A team's stack, e.g. dev-fraud.")],
    *,
    live: Annotated[bool, typer.Option("--live", help="Read the network in AWS, by the account's role.")] = False,
    accounts: AccountsOption = None,
    output: FormatOption = RunFormat.TEXT,
) -> None:
    """Say which VPC endpoints a team's features need; with --live, what a network that is there lacks.

    The network team makes VPC, subnets and endpoints, the team's file names them (network: vpc, cidr, subnets,
    endpoints). --format json has the policy that each endpoint should have. Changes nothing.

    Exit code: 0 fine, 1 the network lacks something, 2 bad input or no answer from AWS.
    """
    teams = read_zone(accounts).teams
    if stack not in teams:
        raise typer.BadParameter(f"no team's stack {stack!r}{meant(stack, teams)} (there are {', '.join(teams)})")
    plan = teams[stack]
    there = plan.network.existing
    found: list[str] = []
    if live:
        if there is None:
            raise typer.BadParameter(
                f"{plan.account.source} names no network that is there: `./mlz up` makes all of it"
            )
        try:
            found = [*lacks(plan, there, session_in(plan.account.account_id, plan.account.role, "mlz-network"))]
        except (SignInError, BotoCoreError, ClientError) as error:
            sys.stderr.write(f"mlz: {stack} ({plan.account.account_id}): {error}\n")
            raise typer.Exit(2) from None
    if output is RunFormat.JSON:
        typer.echo(json.dumps({"endpoints": rows(plan), "lacks": found}, indent=2))
    else:
        show(plan, found, live=live)
    raise typer.Exit(1 if found else 0)


def rows(plan: TeamPlan) -> list[dict[str, object]]:
    """The endpoints for programs, with the policy of each."""
    account = plan.account
    return [
        {
            "service": each.service or None,
            "type": "Gateway" if each.gateway else "Interface",
            "neededBy": list(each.features),
            "policy": endpoint_policy(
                each.key, region=account.region, organization_id=plan.organization_id, account_id=account.account_id
            )
            if each.policy_supported
            else None,
            **({"host": each.host} if each.host else {}),
        }
        for each in plan.endpoints
    ]


def show(plan: TeamPlan, found: list[str], *, live: bool) -> None:
    """Print it for people."""
    console = Console(highlight=False)
    if not live:
        for each in plan.endpoints:
            service = each.service or "MLflow's service, which the platform has not made yet"
            console.print(f"{service}  [dim]{'Gateway' if each.gateway else 'Interface'}[/]")
            show_text(console, f"needed by {', '.join(each.features)}", 2)
            if each.host:
                show_text(console, f"found as {each.host}: an alias record in a private zone of the network", 2)
        return
    for line in found:
        show_text(console, line, 0)
    if not found:
        console.print(f"{plan.network.existing and plan.network.existing.vpc_id} has all that {plan.account.key} needs")
