"""One environment: its platform, how teams reach it, and a tile a team."""

from collections.abc import Mapping, Sequence
from typing import Final

from checks.picture.data import Stack, team_of
from checks.picture.markup import Markup, joined, tag

MANY = 24
"""From so many teams on a tile says the name and the cost only."""


def environment(name: str, platform: Stack | None, teams: Sequence[Stack]) -> Markup:
    """Draw it: platform left, teams right."""
    sums = sum(stack["standingUsdPerMonth"] for stack in (*teams, *([platform] if platform else [])))
    first = platform or (teams[0] if teams else None)
    where = f"{first['region']} · {first['organizationalUnit']} · " if first else ""
    said = f"{where}{len(teams)} team{'' if len(teams) == 1 else 's'} · {sums:,.0f} USD a month, idle"
    tiles = tag("div", *(_tile(team) for team in teams), class_="tiles many" if len(teams) >= MANY else "tiles")
    left = _platform(platform) if platform else Markup()
    return tag(
        "article",
        tag("h3", name, tag("span", said)),
        tag("div", left, _reach(platform), tiles, class_="lane"),
        class_="environment",
    )


def _platform(stack: Stack) -> Markup:
    """What the teams share."""
    parts = [_part("MLflow", mlflow_words(stack["mlflow"]))]
    if hub := stack.get("hub"):
        egress = hub["egress"]
        out = (
            f"egress to {len(egress['allowedDomains'])} names, inspection {egress['inspection']}"
            if egress
            else "no egress"
        )
        parts.append(
            _part("Hub", f"{hub['cidr']} · {len(hub['endpoints'])} central endpoints · {out.replace('_', ' ')}")
        )
    if stack["images"]:
        parts.append(_part("Images", ", ".join(stack["images"])))
    if stack["packages"] is not None:
        parts.append(_part("Packages", ", ".join(stack["packages"]) or "own ones only"))
    return tag(
        "a",
        tag("strong", stack["account"]),
        tag("small", f"{stack['accountId'] or 'not made yet'} · platform"),
        *parts,
        class_="card platform",
        href=f"#{stack['stack']}",
    )


def _part(what: str, text: str) -> Markup:
    return tag("div", tag("b", what), tag("span", text), class_="part")


def mlflow_words(mlflow: Mapping[str, object]) -> str:
    """Say which server there is and what keeps teams apart."""
    return f"{mlflow['mode']}, isolation: {mlflow['isolation']}".replace("_", " ")


WAYS: Final = {
    "private_link": ("PrivateLink", "Each team's network has an endpoint to the server, and no route"),
    "hub": ("hub", "Teams' networks have a route to the server through the transit gateway"),
    None: ("role", "Teams reach the server by a role next to it"),
}
"""How teams reach MLflow, in a word and in a sentence."""


def _reach(platform: Stack | None) -> Markup:
    """How teams reach what they share."""
    if platform is None:
        return tag("div")
    word, said = WAYS[platform["mlflow"].get("reach")]
    return tag("div", tag("span", word), class_="reach", title=said)


def _tile(team: Stack) -> Markup:
    """One team."""
    interfaces = sum(endpoint["type"] == "Interface" for endpoint in team["endpoints"])
    people = len(team["members"])
    lines = [
        team["network"]["cidr"],
        f"{interfaces} endpoints · {people} {'person' if people == 1 else 'people'}",
        ", ".join(team["models"]) or "no models",
        *([f"also in {', '.join(team['regions'])}"] if team["regions"] else []),
    ]
    return tag(
        "a",
        tag("strong", team_of(team)),
        joined(tag("small", line) for line in lines),
        tag("em", f"{team['standingUsdPerMonth']:,.0f} USD"),
        class_=f"card found {team['dataClass']}",
        href=f"#{team['stack']}",
        title=f"{team['stack']} · {team['dataClass']} · {team['owner']}",
    )
