"""Which SageMaker instance types AWS has for which use, against those an account may use."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from typing import Any

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


@cache
def _facts() -> Mapping[str, dict[str, Any]]:
    """Return API and known types by use."""
    uses = facts("instance_types")["uses"]
    return {use: {**fact, "known": frozenset(fact["types"])} for use, fact in uses.items()}
