"""Guardrail: nothing in one environment passes for another's."""

from collections.abc import Collection

from zone.facts import facts
from zone.guardrails.enforcement import Guardrail, PolicyType
from zone.guardrails.statement import assign


def environment_tags(organizational_unit: str, environments: Collection[str]) -> Guardrail:
    """Refuse under *organizational_unit* environment tags of any but its own *environments*."""
    own = sorted(environments)
    return Guardrail(
        key=f"environment-tag-{'-'.join(own)}",
        type=PolicyType.TAG,
        description=f"Resources under {organizational_unit} are tagged as {' or '.join(own)}: costs and access by tag "
        "can be trusted.",
        # AWS merges it with required-tags, which says how the key is spelt.
        document={
            "tags": {
                "mlz:environment": {
                    "tag_value": assign(own),
                    "enforced_for": assign(facts("tag_policy_types")["enforced"]),
                }
            }
        },
        targets=(organizational_unit,),
    )
