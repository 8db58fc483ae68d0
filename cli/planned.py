"""The plan for people: a table of all stacks, and one stack in words."""

from collections.abc import Iterator
from typing import Any

from rich.console import Console
from rich.table import Table

from zone.plan.model_words import batch_line, monitor_line, serving_line

_GAP = (0, 2, 0, 0)


def show_plan(data: dict[str, Any], *, details: bool) -> None:
    """Print what `describe` returned as a table; *details* adds what each stack holds."""
    console = Console(highlight=False)
    organization = data["organization"]
    console.print(
        f"[bold]Organisation of {organization['managementAccountId']}[/] · "
        f"{organization['organizationId'] or 'no id yet'} · regions {', '.join(organization['allowedRegions'])}"
    )
    table = Table(box=None, pad_edge=False, header_style="bold", padding=_GAP)
    for column in ("stack", "account", "network", "endpoints", "members", "USD", "shares with"):
        table.add_column(
            column,
            justify="right" if column == "USD" else "left",
            overflow="fold",
            no_wrap=column != "shares with",
        )
    for stack in data["stacks"]:
        table.add_row(*_row(stack))
    console.print(table)
    unknown = " + ?" if any("?" in _usd(stack) for stack in data["stacks"]) else ""
    console.print(
        f"\nUSD a month while nobody works: {data['standingUsdPerMonth']:,.2f}{unknown}; "
        f"{data['standingWithout']} come on top."
    )
    for stack in data["stacks"] if details else ():
        console.print(f"\n[bold]{stack['stack']}[/]")
        words = Table.grid(padding=_GAP)
        words.add_column(no_wrap=True)
        words.add_column(overflow="fold")
        for label, text in _ROWS[stack["kind"]](stack):
            if text:
                words.add_row(f"  {label}", text)
        console.print(words)
    if data["notes"]:
        console.print()
    for note in data["notes"]:
        console.print(f"[yellow]note[/] {note}")


def _row(stack: dict[str, Any]) -> tuple[str, ...]:
    """One stack in the overview."""
    account = stack["accountId"] or "not made yet"
    if stack["kind"] == "organization":
        return stack["stack"], account, f"{len(stack['accounts'])} accounts", "", "", _usd(stack), ""
    if stack["kind"] == "platform":
        return stack["stack"], account, f"{stack['mlflow']['servers']} MLflow", "", "", _usd(stack), ""
    return (
        stack["stack"],
        account,
        "\n".join([stack["network"]["cidr"], *(there["cidr"] for there in stack["regions"].values())]),
        "\n".join(str(len(there["endpoints"])) for there in (stack, *stack["regions"].values())),
        str(len(stack["members"])),
        _usd(stack),
        ", ".join(sorted({share["reader"] for share in stack["sharesOut"]})),
    )


def _usd(stack: dict[str, Any]) -> str:
    """What the stack costs while nobody works; ? where something has no known price."""
    unknown = any(cost["usdPerMonth"] is None for cost in stack["standingCosts"])
    return f"{stack['standingUsdPerMonth']:,.0f}{' + ?' if unknown else ''}"


Rows = Iterator[tuple[str, str]]

_WAYS = {"private_link": "an endpoint in the team's network", "hub": "the hub"}


def _organization(stack: dict[str, Any]) -> Rows:
    """The org stack."""
    yield "units", ", ".join(stack["organizationalUnits"])
    for key, account_id in stack["accounts"].items():
        yield "account", f"{key}  {account_id or 'not made yet'}"
    for guardrail in stack["guardrails"]:
        yield "guardrail", f"{guardrail['key']}  {guardrail['description']}"


def _account(stack: dict[str, Any]) -> Rows:
    """What every account's stack says."""
    yield "account", f"{stack['account']}  {stack['accountId'] or 'not made yet'}"
    yield "from", f"{stack['source']}, owner {stack['owner']}"
    yield "where", f"{stack['organizationalUnit']}, {stack['region']}"
    kept = "deleted when the stack is destroyed" if stack["disposable"] else "kept when the stack is destroyed"
    yield "data", f"{stack['dataClass']}; {kept}"
    yield "budget", f"{stack['budgetUsdPerMonth']:,} USD a month"
    for cost in stack["standingCosts"]:
        price = "price not known" if cost["usdPerMonth"] is None else f"{cost['usdPerMonth']:,.2f} USD a month"
        where = "" if cost["region"] == stack["region"] else f" in {cost['region']}"
        yield "standing", f"{cost['count']} × {cost['what']}{where}  {price}"


def _platform(stack: dict[str, Any]) -> Rows:
    """A platform stack."""
    yield from _account(stack)
    mlflow = stack["mlflow"]
    yield "MLflow", f"{mlflow['mode']}, isolation {mlflow['isolation']}, size {mlflow['size']}"
    yield "teams", ", ".join(stack["teams"])
    if "hub" in stack:
        yield from _hub(stack["hub"], stack["region"])


def _networks(stack: dict[str, Any]) -> Rows:
    """Its blocks, at home and in further regions."""
    yield "network", stack["network"]["cidr"]
    for zone, block in stack["network"]["subnets"].items():
        yield "", f"zone {zone}  {block}"
    for region, there in stack["regions"].items():
        zones = ", ".join(f"{zone} {block}" for zone, block in there["subnets"].items())
        yield region, f"{there['cidr']}  zones {zones}, {len(there['endpoints'])} endpoints"


def _team(stack: dict[str, Any]) -> Rows:
    """A team stack."""
    yield from _account(stack)
    yield from _networks(stack)
    for name, persona in stack["members"].items():
        yield "member", f"{name}  {persona.replace('_', ' ')}"
    for use, types in stack["instanceTypes"].items():
        yield "instances", f"{use}  {', '.join(types)}"
    yield "data sets", ", ".join(stack["datasets"])
    yield "features", ", ".join(stack["featureGroups"])
    yield "models", ", ".join(stack["models"])
    for each in stack["serving"]:
        yield "serves", serving_line(each)
    for each in stack["monitors"]:
        yield "monitor", monitor_line(each)
    for each in stack["batches"]:
        yield "batch", batch_line(each)
    yield from _crossing(stack)
    mlflow = stack["mlflow"]
    yield "MLflow", f"{mlflow['server']}, isolation {mlflow['isolation']}"
    if "uri" in mlflow:
        yield "", f"{mlflow['uri']} by {_WAYS[mlflow['reach']]}"
    yield from _paths(stack)


def _crossing(stack: dict[str, Any]) -> Rows:
    """What crosses accounts, as declared."""
    for share in stack["sharesOut"]:
        yield "shares", f"{share['name']} ({share['kind']}) with {share['reader']}"
    for share in stack["sharesIn"]:
        yield "reads", f"{share['name']} ({share['kind']}) of {share['owner']}"
    for each in stack["promotionsOut"]:
        yield "promotes", f"{each['model']} to {each['taker']}"
    for each in stack["promotionsIn"]:
        yield "deploys", f"{each['model']} of {each['owner']}"


def _paths(stack: dict[str, Any]) -> Rows:
    """What its network reaches, and by which way."""
    for endpoint in stack["endpoints"]:
        name = _short(endpoint["service"], stack["region"])
        yield "endpoint", f"{name} ({endpoint['type'].lower()}) for {', '.join(endpoint['neededBy'])}"
    for endpoint in stack.get("hub", {}).get("endpoints", ()):
        yield "endpoint", f"{_short(endpoint['service'], stack['region'])} (hub) for {', '.join(endpoint['neededBy'])}"
    for name, block in stack.get("hub", {}).get("routes", {}).items():
        yield "reaches", f"{name}  {block} through the transit gateway"


def _short(service: str, region: str) -> str:
    """A service without what all of a region have in common."""
    return service.removeprefix("com.amazonaws.").removeprefix(f"{region}.")


def _hub(hub: dict[str, Any], region: str) -> Rows:
    """The hub of an environment."""
    yield "hub", f"{hub['cidr']}, transit gateway to {', '.join(hub['teams']) or 'nobody'}"
    for endpoint in hub["endpoints"]:
        yield "endpoint", f"{_short(endpoint['service'], region)} (central) for {', '.join(endpoint['neededBy'])}"
    here, apart = hub["endpointsUsdPerMonth"], hub["allLocalUsdPerMonth"]
    yield "endpoints", f"{here:,.2f} USD a month with attachments and data; all local {apart:,.2f}"
    egress = hub["egress"]
    yield "egress", f"{', '.join(egress['allowedDomains'])}; inspection {egress['inspection']}" if egress else "none"
    for name, blocks in hub["attachments"].items():
        yield "attached", f"{name}  {', '.join(blocks)}"


_ROWS = {"organization": _organization, "platform": _platform, "team": _team}
