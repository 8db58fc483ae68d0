"""Guardrail: an account stays in the organisation."""

from zone.guardrails.enforcement import Guardrail
from zone.guardrails.statement import deny, document


def leaving() -> Guardrail:
    """Refuse to leave the organisation or close the account; both are done from the management account only."""
    return Guardrail(
        key="deny-leaving",
        description="No account leaves the organisation or closes itself: outside, no guardrail holds.",
        document=document(deny("Leaving", ["organizations:LeaveOrganization", "account:CloseAccount"])),
        targets=("root",),
    )
