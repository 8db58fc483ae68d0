"""Guardrail: the required tags are written as agreed, everywhere."""

from collections.abc import Iterable

from zone.facts import facts
from zone.guardrails.enforcement import Guardrail, PolicyType
from zone.guardrails.statement import assign
from zone.specs.vocabulary import DataClass


def required_tags(keys: Iterable[str]) -> Guardrail:
    """Ask for the required tags, spelt so, and refuse data classes that don't exist.

    A tag policy stops a wrong tag, not a missing one: missing ones AWS only reports, and the tagging pack refuses.
    """
    tags: dict[str, dict[str, object]] = {
        key: {"tag_key": assign(key), "report_required_tag_for": assign(facts("tag_policy_types")["required"])}
        for key in keys
    }
    tags["mlz:data-class"] |= {
        "tag_value": assign([each.value for each in DataClass]),
        "enforced_for": assign(facts("tag_policy_types")["enforced"]),
    }
    return Guardrail(
        key="required-tags",
        type=PolicyType.TAG,
        description="Every resource carries the required tags; a data class is one of those that exist.",
        document={"tags": tags},
        targets=("root",),
    )
