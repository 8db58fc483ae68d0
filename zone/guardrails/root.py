"""Guardrail: nobody works as an account's root user."""

from zone.guardrails.enforcement import Guardrail
from zone.guardrails.statement import deny, document


def root() -> Guardrail:
    """Refuse everything to root users.

    No policy of an account binds its root user, so this is the only place to stop it. In an emergency the guardrail is
    detached from the management account.
    """
    # ArnLike fails open on an absent key, but a request of an IAM principal always carries aws:PrincipalArn.
    return Guardrail(
        key="deny-root",
        description="Root users do nothing: their rights cannot be limited and their actions name no person.",
        document=document(deny("RootUser", ["*"], {"ArnLike": {"aws:PrincipalArn": ["arn:aws:iam::*:root"]}})),
        targets=("root",),
    )
