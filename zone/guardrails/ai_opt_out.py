"""Guardrail: what AWS's AI services are given is not kept to improve them."""

from zone.guardrails.enforcement import Guardrail, PolicyType
from zone.guardrails.statement import assign

_FINAL = {"@@operators_allowed_for_child_policies": ["@@none"]}
"""No policy below says otherwise, nor names a service of its own.

Source: Organizations User Guide, "AI services opt-out policy syntax and examples", read 2026-11-21.
"""


def ai_opt_out() -> Guardrail:
    """Opt out of every AI service, and of those that AWS adds later."""
    return Guardrail(
        key="ai-opt-out",
        type=PolicyType.AI_OPT_OUT,
        description="AWS keeps nothing of what its AI services are given in order to improve them, whatever the "
        "service; no account can opt in.",
        document={"services": {**_FINAL, "default": {**_FINAL, "opt_out_policy": {**_FINAL, **assign("optOut")}}}},
        targets=("root",),
    )
