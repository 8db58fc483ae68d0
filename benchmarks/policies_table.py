"""Each pack in a line: rules, cases, judgements of our own stacks and what they refuse, which must be nothing.

    .venv/bin/python -m benchmarks.policies_table

The stacks are recorded in process; a judgement is one rule on one resource that it reads, or on a stack.
"""

from collections import Counter

from policies.evaluate import evaluate
from policies.rules import CATALOG, REGISTRY, rules_for
from policies.settings import settings_for
from tests.policies.labelled import RULES, STACKS
from tests.policies.recorded import recorded
from zone.plan.planner import read

COLUMNS = "{:<11} {:>5} {:>5} {:>10} {:>6} {:>7} {:>9}"


def main():
    zone = read()
    refused, judged = Counter(), Counter()
    for stack in ("org", *zone.platforms, *zone.teams):
        resources = recorded(zone, stack)
        judged.update(rule.pack for resource in resources for rule in rules_for(resource.type))
        judged.update(rule.pack for rule in REGISTRY.values() if rule.stack_check)
        found = evaluate(resources, settings_for(stack))
        refused.update(REGISTRY[each["rule"]].pack for each in found if each["level"] == "mandatory")
    print(COLUMNS.format("pack", "rules", "core", "both-sided", "cases", "judged", "refused"))
    for pack in ("tagging", "guardrails", "security"):
        rules = [rule for rule in REGISTRY.values() if rule.pack == pack]
        sides = [cases(rule.key) for rule in rules]
        core = sum(CATALOG[rule.key]["core"] for rule in rules)
        both = sum(all(each) for each in sides)
        print(COLUMNS.format(pack, len(rules), core, both, sum(map(sum, sides)), judged[pack], refused[pack]))


def cases(key):
    """How many cases break the rule, and how many are legal."""
    single = [case for _, case in RULES.get(key, ())] + ([STACKS[key]] if key in STACKS else [])
    return [sum(len(case[side]) for case in single) for side in ("breaks", "legal")]


if __name__ == "__main__":
    main()
