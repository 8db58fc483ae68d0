"""Each pack in a line: rules, cases, findings on our own stacks, and the share of its core rules decided at preview.

    .venv/bin/python -m benchmarks.policies_table

The stacks are recorded in process. For the preview, every value that AWS makes is unknown there, with the whole text
that holds it, and so are ids and ARNs; a judgement is one core rule on one resource it reads, or on a stack.
"""

from collections import Counter

from accounts.plan import read
from benchmarks.flat_program import flatten
from checks.record import record
from policies.evaluate import evaluate, level_of
from policies.rules import CATALOG, REGISTRY, UNKNOWN, Resource, rules_for
from policies.settings import settings_for
from stacks.build import build
from tests.policies.test_rules import RULES
from tests.policies.test_stack_rules import CASES


def unknown(value):
    """*value* as a preview has it: pieces of what AWS makes make the whole unknown."""
    if isinstance(value, dict):
        return UNKNOWN if "pieces" in value else {key: unknown(inner) for key, inner in value.items()}
    return [unknown(inner) for inner in value] if isinstance(value, list) else value


def previewed(zone, stack):
    """The resources of *stack* as its first preview has them."""
    entries = flatten(record(lambda: build(zone, stack), stack=stack))
    found = []
    for entry in entries:
        props = unknown(entry["inputs"])
        found.append(
            Resource(
                type=entry["type"],
                name=entry["name"],
                props=props,
                outputs={**props, "id": UNKNOWN, "arn": UNKNOWN},
                depends_on=[f"{entries[at]['name']}|{entries[at]['type']}" for at in entry["dependencies"]],
                provider=entries[entry["provider"]]["inputs"] if entry["provider"] is not None else {},
            )
        )
    return found


def main():
    zone = read()
    mandatory, undecided, judged = Counter(), Counter(), Counter()
    waiting = Counter()
    for stack in ("org", *zone.platforms, *zone.teams):
        resources = previewed(zone, stack)
        settings = settings_for(stack)

        def on(rule, settings=settings):
            return CATALOG[rule.key]["core"] and level_of(rule, settings.get(rule.key)) != "disabled"

        for resource in resources:
            judged.update(rule.pack for rule in rules_for(resource.type) if on(rule))
        judged.update(rule.pack for rule in REGISTRY.values() if rule.stack_check and on(rule))
        for finding in evaluate(
            resources, settings, wanted=lambda rule: level_of(rule, settings.get(rule.key)) != "disabled"
        ):
            rule = REGISTRY[finding["rule"]]
            if finding["unknown"] and CATALOG[rule.key]["core"]:
                undecided[rule.pack] += 1
                waiting[rule.key] += 1
            elif finding["level"] == "mandatory":
                mandatory[rule.pack] += 1
    print(
        f"{'pack':<11} {'rules':>5} {'core':>5} {'both-sided':>10} {'cases':>6} {'mandatory':>9} {'judged':>7} {'decided':>8}"
    )
    for pack in ("tagging", "guardrails", "security"):
        rules = [rule for rule in REGISTRY.values() if rule.pack == pack]
        sides = {rule.key: cases(rule.key) for rule in rules}
        print(
            f"{pack:<11} {len(rules):>5} {sum(CATALOG[rule.key]['core'] for rule in rules):>5}"
            f" {sum(all(side) for side in sides.values()):>10} {sum(map(sum, sides.values())):>6}"
            f" {mandatory[pack]:>9} {judged[pack]:>7} {1 - undecided[pack] / judged[pack]:>8.1%}"
        )
    share = 1 - undecided.total() / judged.total()
    print(f"all packs: {share:.1%} of {judged.total()} judgements of core rules decided at the first preview")
    print(f"waiting most: {', '.join(f'{key} {count}' for key, count in waiting.most_common(5))}")


def cases(key):
    """How many cases break the rule, and how many are legal."""
    single = [case for _, case in RULES.get(key, ())] + ([CASES[key]] if key in CASES else [])
    return [sum(len(case[side]) for case in single) for side in ("breaks", "legal")]


if __name__ == "__main__":
    main()
