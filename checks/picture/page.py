"""The whole page."""

from importlib.resources import files

from checks.picture.account import account
from checks.picture.costs import costs
from checks.picture.data import Plan, environments, platform
from checks.picture.environment import environment
from checks.picture.markup import Markup, joined, tag
from checks.picture.organization import core, guardrails, summary
from checks.picture.paths import endpoints, keys, promotions, shares

SECTIONS = {
    "environments": "Environments",
    "crossing": "What crosses accounts",
    "endpoints": "Endpoints",
    "keys": "Keys",
    "costs": "Costs",
    "guardrails": "Guardrails",
    "accounts": "Account by account",
}


def page(plan: Plan) -> str:
    """Draw what `describe` returned as one HTML file that loads nothing; the same plan gives the same bytes."""
    lanes = joined(environment(name, platform(plan, name), teams) for name, teams in sorted(environments(plan).items()))
    stacks = [stack for stack in plan["stacks"] if stack["kind"] != "organization"]
    notes = tag("ul", *(tag("li", note) for note in plan["notes"]), class_="notes") if plan["notes"] else Markup()
    bodies = {
        "environments": joined([core(plan), lanes]),
        "crossing": joined([shares(plan), promotions(plan)]),
        "endpoints": endpoints(plan),
        "keys": keys(plan),
        "costs": costs(plan),
        "guardrails": guardrails(plan),
        "accounts": joined(account(stack) for stack in stacks),
    }
    title = f"Landing zone of {plan['organization']['managementAccountId']}"
    here = files("checks.picture")
    style, script = ((here / name).read_text(encoding="utf-8") for name in ("page.css", "page.js"))
    links = joined(tag("a", text, href=f"#{key}") for key, text in SECTIONS.items())
    search = tag("input", id="find", type="search", placeholder="Find a team, service, model …", aria_label="Find")
    parts = joined(tag("section", tag("h2", SECTIONS[key]), body, id=key) for key, body in bodies.items() if body)
    body = joined(
        [
            tag("header", tag("h1", title), summary(plan), notes),
            tag("nav", links, search, tag("output", id="count")),
            tag("main", parts),
            tag("footer", "Drawn by ./mlz plan --format html from the plan alone: nothing was asked of AWS."),
            tag("script", Markup(script)),
        ]
    )
    head = joined(
        [
            tag("meta", charset="utf-8"),
            tag("meta", name_="viewport", content="width=device-width, initial-scale=1"),
            tag("title", title),
            tag("style", Markup(style)),
        ]
    )
    return f'<!doctype html>\n<html lang="en">\n<head>{head}</head>\n<body>{body}</body>\n</html>\n'
