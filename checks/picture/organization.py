"""The organisation: its numbers, and what AWS itself enforces."""

from checks.picture.data import Plan, environments
from checks.picture.markup import Markup, joined, table, tag


def summary(plan: Plan) -> Markup:
    """Say how large it is, in a line of numbers."""
    by_environment = environments(plan)
    teams = [team for each in by_environment.values() for team in each]
    accounts = [stack for stack in plan["stacks"] if stack["kind"] != "organization"]
    interfaces = sum(endpoint["type"] == "Interface" for team in teams for endpoint in team["endpoints"])
    unknown = any(cost["usdPerMonth"] is None for stack in plan["stacks"] for cost in stack["standingCosts"])
    numbers = {
        "environments": str(len(by_environment)),
        "team accounts": str(len(teams)),
        "accounts drawn": str(len(accounts)),
        "interface endpoints": str(interfaces),
        "shares": str(sum(len(team["sharesOut"]) for team in teams)),
        "USD a month, idle": f"{plan['standingUsdPerMonth']:,.0f}{' + ?' if unknown else ''}",
    }
    organization = plan["organization"]
    where = f"{organization['organizationId'] or 'not made yet'} · regions {', '.join(organization['allowedRegions'])}"
    tiles = (tag("div", tag("b", number), tag("span", what)) for what, number in numbers.items())
    return joined([tag("p", where, class_="soft"), tag("div", *tiles, class_="numbers")])


def core(plan: Plan) -> Markup:
    """Draw the accounts that serve the whole organisation."""
    drawn = {stack["account"] for stack in plan["stacks"] if stack["kind"] != "organization"}
    cards = [
        tag("div", tag("strong", key), tag("small", account_id or "not made yet"), class_="card found")
        for stack in plan["stacks"]
        if stack["kind"] == "organization"
        for key, account_id in stack["accounts"].items()
        if key not in drawn and key.startswith("org-")
    ]
    if not cards:
        return Markup()
    head = tag("h3", "org", tag("span", "what serves all environments"))
    return tag("article", head, tag("div", *cards, class_="tiles"), class_="environment")


def guardrails(plan: Plan) -> Markup:
    """List what AWS refuses everybody, and whom it holds."""
    of = [stack for stack in plan["stacks"] if stack["kind"] == "organization"]
    rows = [
        (tag("code", each["key"]), each["description"], each["type"].lower().replace("_", " "), _few(each["targets"]))
        for stack in of
        for each in stack["guardrails"]
    ]
    return table(("guardrail", "what it refuses", "kind", "holds"), rows) if rows else Markup()


def _few(targets: list[str]) -> str:
    """Name the first of many."""
    shown = ", ".join(targets[:6])
    return shown if len(targets) <= 6 else f"{shown} and {len(targets) - 6} more"  # noqa: PLR2004 - a line's worth
