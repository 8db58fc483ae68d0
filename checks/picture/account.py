"""One account, opened on demand: its network, what runs there, who works there."""

from collections.abc import Iterable, Iterator

from checks.picture.data import Stack, short
from checks.picture.environment import mlflow_words
from checks.picture.markup import Markup, joined, tag, words
from zone.plan.model_words import batch_line, monitor_line, serving_line


def account(stack: Stack) -> Markup:
    """Draw it."""
    head = tag(
        "summary",
        tag("strong", stack["stack"]),
        tag("span", f"{stack['accountId'] or 'not made yet'} · {stack['dataClass']} · {stack['owner']}"),
        tag("em", f"{stack['standingUsdPerMonth']:,.0f} USD"),
    )
    drawn = joined(_team(stack)) if stack["kind"] == "team" else joined(_platform(stack))
    return tag("details", head, tag("div", drawn, class_="inside"), id=stack["stack"], class_="found")


def _platform(stack: Stack) -> Iterator[Markup]:
    hub = stack.get("hub")
    if hub:
        chips = (
            tag(
                "span",
                short(endpoint["service"], stack["region"]),
                class_="chip central",
                title=f"central endpoint for {', '.join(endpoint['neededBy'])}",
            )
            for endpoint in hub["endpoints"]
        )
        out = f"egress: {', '.join(hub['egress']['allowedDomains'])}" if hub["egress"] else "no way to the internet"
        yield tag(
            "div", tag("h4", f"hub {hub['cidr']}", tag("span", out)), tag("div", *chips, class_="chips"), class_="vpc"
        )
    yield _words(
        {
            "MLflow": f"{mlflow_words(stack['mlflow'])}; {stack['mlflow']['size']}",
            "teams": ", ".join(stack["teams"]),
            "images": ", ".join(stack["images"]),
            "packages": "" if stack["packages"] is None else ", ".join(stack["packages"]) or "own ones only",
            "attached": ", ".join(hub["attachments"]) if hub else "",
            "keys": ", ".join(stack["keys"]),
            "from": stack["source"],
        }
    )


def _team(stack: Stack) -> Iterator[Markup]:
    zones = (
        tag("div", tag("b", f"zone {zone}"), tag("small", str(block)), class_="subnet")
        for zone, block in stack["network"]["subnets"].items()
    )
    central = ({**endpoint, "type": "Central"} for endpoint in stack.get("hub", {}).get("endpoints", ()))
    chips = (
        tag(
            "span",
            short(endpoint["service"], stack["region"]),
            class_=f"chip {endpoint['type'].lower()}",
            title=f"{endpoint['type']} endpoint for {', '.join(endpoint['neededBy'])}",
        )
        for endpoint in (*stack["endpoints"], *central)
    )
    yield tag(
        "div",
        tag("h4", f"VPC {stack['network']['cidr']}", tag("span", "no internet gateway")),
        tag("div", *zones, class_="subnets"),
        tag("div", *chips, class_="chips"),
        class_="vpc",
    )
    yield _words(
        {
            "people": _pairs((name, persona) for name, persona in stack["members"].items()),
            "instance types": _pairs((use, ", ".join(types)) for use, types in stack["instanceTypes"].items()),
            "data sets": ", ".join(stack["datasets"]),
            "feature groups": ", ".join(stack["featureGroups"]),
            "models": ", ".join(stack["models"]),
            "serves": "; ".join(serving_line(each) for each in stack["serving"]),
            "monitors": "; ".join(monitor_line(each) for each in stack["monitors"]),
            "batches": "; ".join(batch_line(each) for each in stack["batches"]),
            "reads": ", ".join(f"{each['name']} ({each['kind']}) of {each['owner']}" for each in stack["sharesIn"]),
            "shares": ", ".join(
                f"{each['name']} ({each['kind']}) with {each['reader']}" for each in stack["sharesOut"]
            ),
            "keys": ", ".join(stack["keys"]),
            "further regions": ", ".join(f"{region} {each['cidr']}" for region, each in stack["regions"].items()),
            "promotes": ", ".join(f"{each['model']} to {each['taker']}" for each in stack["promotionsOut"]),
            "deploys": ", ".join(f"{each['model']} of {each['owner']}" for each in stack["promotionsIn"]),
            "MLflow": f"{stack['mlflow']['server']}, isolation: {stack['mlflow']['isolation']}",
            "from": stack["source"],
        }
    )


def _pairs(pairs: Iterable[tuple[str, str]]) -> str:
    return "; ".join(f"{name}: {words(what) if '_' in what else what}" for name, what in pairs)


def _words(lines: dict[str, str]) -> Markup:
    """List what there is; what there is none of is left out."""
    return tag("dl", *(joined([tag("dt", key), tag("dd", text)]) for key, text in lines.items() if text))
