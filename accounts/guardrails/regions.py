"""Guardrail: nothing exists outside the allowed regions."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from accounts.enforcement import Guardrail
from accounts.guardrails.statement import document

_FACTS: Final = Path(__file__).parents[1] / "facts" / "global_services.json"


def regions(allowed: Iterable[str]) -> Guardrail:
    """Refuse every request to another region; services with one endpoint for the world are named in the facts."""
    everywhere = json.loads(_FACTS.read_text(encoding="utf-8"))["actions"]
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
