"""What it costs while nobody works."""

from collections import defaultdict

from checks.picture.data import Plan, Stack
from checks.picture.markup import Markup, joined, table, tag, usd


def costs(plan: Plan) -> Markup:
    """Show the sums by thing and by stack."""
    by_thing: dict[str, list[float | None]] = defaultdict(list)
    counts: dict[str, int] = defaultdict(int)
    for stack in plan["stacks"]:
        for cost in stack["standingCosts"]:
            by_thing[cost["what"]].append(cost["usdPerMonth"])
            counts[cost["what"]] += cost["count"]
    things = sorted(by_thing, key=lambda what: (-_sum(by_thing[what]), what))
    most = max((_sum(by_thing[what]) for what in things), default=0)
    rows = [(what, f"{counts[what]:,}", _amount(by_thing[what]), _bar(_sum(by_thing[what]), most)) for what in things]
    stacks = sorted(plan["stacks"], key=lambda stack: (-stack["standingUsdPerMonth"], stack["stack"]))
    largest = max((stack["standingUsdPerMonth"] for stack in stacks), default=0)
    by_stack = [
        (
            _link(stack),
            _amount([cost["usdPerMonth"] for cost in stack["standingCosts"]]),
            f"{stack['budgetUsdPerMonth']:,}" if "budgetUsdPerMonth" in stack else "",
            _bar(stack["standingUsdPerMonth"], largest),
        )
        for stack in stacks
    ]
    said = f"{plan['standingWithout']} come on top. A + ? hides something whose price nobody here knows."
    return joined(
        [
            tag("p", said, class_="soft"),
            table(("what", "count", "USD a month", ""), rows, numbers=frozenset({1, 2})),
            tag("h3", "By stack"),
            table(("stack", "USD a month", "budget", ""), by_stack, numbers=frozenset({1, 2})),
        ]
    )


def _link(stack: Stack) -> str:
    """Lead to the account; the organisation has none of its own."""
    return (
        str(stack["stack"]) if stack["kind"] == "organization" else tag("a", stack["stack"], href=f"#{stack['stack']}")
    )


def _sum(amounts: list[float | None]) -> float:
    return sum(amount or 0 for amount in amounts)


def _amount(amounts: list[float | None]) -> str:
    """Write the sum of what is known, and that there is more."""
    known = [amount for amount in amounts if amount is not None]
    if not known and amounts:
        return "not known"
    return usd(sum(known)) + (" + ?" if len(known) < len(amounts) else "")


def _bar(amount: float, most: float) -> Markup:
    """Draw the share of the largest."""
    return tag("span", class_="bar", style=f"width:{100 * amount / most:.1f}%") if most and amount else Markup()
