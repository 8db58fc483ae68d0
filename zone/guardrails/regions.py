"""Guardrail: nothing exists outside the allowed regions."""

from collections.abc import Iterable

from zone.facts import facts
from zone.guardrails.enforcement import Guardrail
from zone.guardrails.statement import document


def regions(allowed: Iterable[str]) -> Guardrail:
    """Refuse every request to another region; services with one endpoint for the world are named in the facts."""
    everywhere = facts("global_services")["actions"]
    # StringNotEquals holds for a request without a region too: what has none is refused.
    return Guardrail(
        key="deny-other-regions",
        description="Only the organisation's allowed regions are used: data stays there, and there are the alarms.",
        document=document(
            {
                "Sid": "OtherRegions",
                "Effect": "Deny",
                "NotAction": sorted(record["action"] for record in everywhere),
                "Resource": ["*"],
                "Condition": {"StringNotEquals": {"aws:RequestedRegion": sorted(allowed)}},
            }
        ),
        targets=("root",),
    )
