"""What crosses accounts, and by which way: shares, promotions, endpoints, keys."""

from collections import defaultdict
from typing import Any

from checks.picture.data import Plan, Stack, short
from checks.picture.markup import Markup, joined, table, tag, usd, words


def shares(plan: Plan) -> Markup:
    """List the declared shares: the only way a team's data reaches another one."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for stack in plan["stacks"]:
        for share in stack.get("sharesOut", ()):
            found[share["owner"], share["reader"]].append(f"{share['name']} ({share['kind']})")
    head = tag("h3", "Shares", tag("span", "declared by the owner; nothing else of a team's data leaves its account"))
    if not found:
        return joined([head, tag("p", "None.", class_="soft")])
    rows = [
        (tag("a", owner, href=f"#{owner}"), "→", reader, ", ".join(what)) for (owner, reader), what in found.items()
    ]
    return joined([head, table(("owner", "", "reader", "what"), rows)])


def promotions(plan: Plan) -> Markup:
    """Draw each model's way from environment to environment."""
    found = [each for stack in plan["stacks"] for each in stack.get("promotionsOut", ())]
    if not found:
        return Markup()
    rows = (
        tag("li", tag("b", each["model"]), _stop(each["owner"]), tag("i", "→"), _stop(each["taker"]), class_="found")
        for each in found
    )
    head = tag("h3", "Promotion", tag("span", "a version approved here is deployable there"))
    return joined([head, tag("ul", *rows, class_="promotions")])


def _stop(stack: str) -> Markup:
    return tag("a", stack, href=f"#{stack}", class_="stop")


def endpoints(plan: Plan) -> Markup:
    """List each service with what needs it, by environment."""
    seen: dict[tuple[str, str, str], dict[str, Any]] = {}
    for stack in plan["stacks"]:
        for endpoint in (*stack.get("endpoints", ()), *_central(stack)):
            kind = endpoint["type"].lower()
            key = (stack["environment"], short(endpoint["service"], stack["region"]), kind)
            entry = seen.setdefault(key, {"stacks": 0, "features": set(), "usd": 0.0})
            entry["stacks"] += 1
            entry["features"] |= set(endpoint["neededBy"])
            price = endpoint["usdPerMonth"]
            entry["usd"] = None if price is None or entry["usd"] is None else entry["usd"] + price
    rows = [
        (
            environment,
            tag("code", service),
            kind,
            ", ".join(words(feature) for feature in sorted(entry["features"])),
            f"{entry['stacks']:,}",
            usd(entry["usd"]),
        )
        for (environment, service, kind), entry in sorted(seen.items())
    ]
    heads = ("environment", "service", "kind", "needed by", "accounts", "USD a month")
    return table(heads, rows, numbers=frozenset({4, 5})) if rows else Markup()


def _central(stack: Stack) -> list[dict[str, Any]]:
    """The hub's endpoints, where they stand: attachments and data are billed besides."""
    if stack["kind"] != "platform" or "hub" not in stack:
        return []
    return [
        {**endpoint, "type": "Central", "usdPerMonth": endpoint["usdPerMonth"]}
        for endpoint in stack["hub"]["endpoints"]
    ]


def keys(plan: Plan) -> Markup:
    """Say what each kind of key encrypts, and how many accounts have one."""
    count: dict[tuple[str, str], int] = defaultdict(int)
    for stack in plan["stacks"]:
        for purpose in stack.get("keys", ()):
            count[stack["kind"], purpose] += 1
    rows = [
        (kind, tag("code", purpose), ENCRYPTS[purpose], f"{accounts:,}")
        for (kind, purpose), accounts in sorted(count.items())
    ]
    return table(("stack", "key", "encrypts", "accounts"), rows, numbers=frozenset({3})) if rows else Markup()


ENCRYPTS = {
    "data": "data sets and offline feature stores",
    "online": "online feature stores",
    "models": "model artefacts, images, MLflow's artefacts",
    "studio": "Studio's homes, notebooks' volumes, query results",
    "logs": "flow logs and log groups",
    "secrets": "secrets",
    "alarms": "the topic of MLflow's alarms",
    "database": "MLflow's databases and their master passwords",
    "images": "image repositories and caches",
    "packages": "the package repository",
    "schedules": "schedules, what could not be started, words of failure",
    "spark": "disks of Spark's workers",
}
"""What a purpose's key is for."""
