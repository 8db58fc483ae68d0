"""Which SageMaker instance types AWS has for which use, against those an account may use."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from typing import Any, Final

from zone.facts import facts
from zone.specs.account import InstanceTypes
from zone.specs.problems import Problem
from zone.specs.source import Source


def missing(uses: InstanceTypes, source: Source) -> Iterator[Problem]:
    """Yield a problem for each allowed type that AWS does not offer for that use."""
    for use, types in uses.model_dump().items():
        fact = _facts()[use]
        for place, name in enumerate(types):
            if name not in fact["known"]:
                near = get_close_matches(name, fact["types"], cutoff=0.8) or fact["types"][:3]
                allowed = f"a type that {fact['api']} takes, such as {', '.join(near)}"
                text = f"AWS has no such type for {use}, got {name}; allowed: {allowed}"
                yield source.problem(("instance_types", use, place), text)


NOT_IN_PROVIDER: Final = ("ml.g7.", "ml.g7e.", "ml.p5.4xlarge")
"""What pulumi-aws 7.21.0 refuses in hidden_instance_types: its list is older than botocore's (tried 2026-11-21)."""


def hidden(allowed: InstanceTypes) -> tuple[str, ...]:
    """Return the types Studio does not offer: all of AWS's for its apps but the allowed ones.

    Studio goes on showing those the provider does not take; the roles and the guardrails refuse them all the same.
    """
    types = _facts()["notebook"]["types"]
    return tuple(name for name in types if name not in allowed.notebook and not name.startswith(NOT_IN_PROVIDER))


@cache
def _facts() -> Mapping[str, dict[str, Any]]:
    """Return API and known types by use."""
    uses = facts("instance_types")["uses"]
    return {use: {**fact, "known": frozenset(fact["types"])} for use, fact in uses.items()}
