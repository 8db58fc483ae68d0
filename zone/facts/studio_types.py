"""Which instance types Studio does not offer, because the team may not use them."""

from collections.abc import Collection
from typing import Final

from zone.facts import facts

NOT_IN_PROVIDER: Final = ("ml.g7.", "ml.g7e.", "ml.p5.4xlarge")
"""What pulumi-aws 7.21.0 refuses in hidden_instance_types: its list is older than botocore's (tried 2026-11-21)."""


def hidden(allowed: Collection[str]) -> tuple[str, ...]:
    """Return the types Studio does not offer: all of AWS's for its apps but the *allowed* ones.

    Studio goes on showing those the provider does not take; the roles and the guardrails refuse them all the same.
    """
    types: list[str] = facts("instance_types")["uses"]["notebook"]["types"]
    return tuple(name for name in types if name not in allowed and not name.startswith(NOT_IN_PROVIDER))
