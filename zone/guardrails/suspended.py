"""Guardrails: in an account that was retired nobody works, and nobody reads what it still holds."""

from zone import names
from zone.guardrails.enforcement import Guardrail, PolicyType
from zone.guardrails.outsiders import HOLD_DATA
from zone.guardrails.statement import deny, deny_everyone, document, unless_provisioning


def suspended(provisioning_role: str) -> tuple[Guardrail, Guardrail]:
    """Refuse everything in retired accounts, to all but the role by which the management account looks and clears up.

    An account is closed from the management account, which no such policy holds. The pattern is AWS's own, with its own
    exception for the role that administers accounts. Sources: aws-samples/aws-secure-environment-accelerator,
    createQuarantineScpContent; whitepaper Organizing Your AWS Environment, "Suspended OU". Read 2026-11-30.
    """
    others = unless_provisioning([provisioning_role])
    return (
        Guardrail(
            key="suspended",
            description="In a retired account nobody does anything but the provisioning role.",
            document=document(deny("Suspended", ["*"], others)),
            targets=(names.SUSPENDED,),
        ),
        Guardrail(
            key="suspended-data",
            type=PolicyType.RESOURCE_CONTROL,
            description="What a retired account still holds answers to the provisioning role only, shared or not.",
            document=document(deny_everyone("SuspendedData", HOLD_DATA, others)),
            targets=(names.SUSPENDED,),
        ),
    )
