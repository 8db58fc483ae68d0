"""The registry: what a rule is, and the decorators that enter one."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

from policies.rules.plain import UNKNOWN, Reader, Resource, is_set

Check = Callable[[Reader], Iterable[str]]
StackCheck = Callable[["Stack"], Iterable[tuple[Resource, str]]]

EVERY_TYPE: Final = None
"""Types of a rule that reads every resource of AWS and every provider."""

CATALOG: Final[Mapping[str, Mapping[str, Any]]] = {
    entry["key"]: entry for entry in json.loads((Path(__file__).parent / "catalog.json").read_text())
}
"""What is known of each rule besides its function: one line a rule in catalog.json."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One thing that must never be."""

    key: str
    """Stable name: findings, settings and exceptions use it."""

    types: frozenset[str] | None
    """Type tokens it reads; None is every type of AWS."""

    level: str
    """Level unless a stack says otherwise: mandatory, advisory or disabled."""

    severity: str
    """critical, high, medium or low."""

    pack: str
    """Folder of the policy pack that runs it."""

    statement: str
    """What must hold, in property paths."""

    remedy: str
    """What to do about a violation."""

    settings: Mapping[str, Any]
    """Its settings with their defaults."""

    setting_types: Mapping[str, str]
    """Type of each setting: number, string, list of strings, map of string to …"""

    frameworks: Mapping[str, list[str]]
    """Controls it serves, by compliance framework."""

    ids: Mapping[str, list[str]]
    """Its names in other tools."""

    check: Check | None = None
    """Function of a rule that reads one resource."""

    stack_check: StackCheck | None = None
    """Function of a rule that needs several resources."""

    def reads(self, type_token: str) -> bool:
        """Whether the rule has something to say about resources of *type_token*."""
        if self.types is None:
            return type_token.startswith(("aws:", "aws-native:", "pulumi:providers:aws"))
        return type_token in self.types


REGISTRY: Final[dict[str, Rule]] = {}
"""Every rule by its key."""


def rule(
    key: str, remedy: str, *, types: Iterable[str] | None = (), settings: Mapping[str, Any] | None = None
) -> Callable[[Check], Check]:
    """Enter a rule on one resource; *types* only where catalog.json cannot list them."""

    def enter(check: Check) -> Check:
        _enter(key, remedy, types, settings, check=check)
        return check

    return enter


def stack_rule(
    key: str, remedy: str, *, settings: Mapping[str, Any] | None = None
) -> Callable[[StackCheck], StackCheck]:
    """Enter a rule on all resources of a stack; it yields (resource at fault, what is wrong)."""

    def enter(check: StackCheck) -> StackCheck:
        _enter(key, remedy, (), settings, stack_check=check)
        return check

    return enter


def _enter(
    key: str,
    remedy: str,
    types: Iterable[str] | None,
    settings: Mapping[str, Any] | None,
    *,
    check: Check | None = None,
    stack_check: StackCheck | None = None,
) -> None:
    entry = CATALOG[key]
    defaults = dict(settings or {})
    if set(defaults) != set(entry["settings"]):
        raise ValueError(f"{key}: code sets {sorted(defaults)}, catalog.json {sorted(entry['settings'])}")
    if key in REGISTRY:
        raise ValueError(f"{key} is entered twice")
    REGISTRY[key] = Rule(
        key=key,
        types=None if types is EVERY_TYPE else frozenset(types or entry["tokens"]),
        level=entry["level"],
        severity=entry["severity"],
        pack=entry["pack"],
        statement=entry["statement"],
        remedy=remedy,
        settings=defaults,
        setting_types=entry["settings"],
        frameworks=entry["frameworks"],
        ids=entry["ids"],
        check=check,
        stack_check=stack_check,
    )


@lru_cache(maxsize=4096)
def rules_for(type_token: str) -> tuple[Rule, ...]:
    """Return the rules that read one resource of *type_token*. Ask only once all themes are imported."""
    return tuple(rule for rule in REGISTRY.values() if rule.check and rule.reads(type_token))


ByType = Mapping[str, list[tuple[int, Resource]]]
"""Resources of each type, with their places in the stack."""


def by_type(resources: Iterable[Resource]) -> ByType:
    """Sort *resources* by type; looking all through for each bucket takes minutes."""
    found: dict[str, list[tuple[int, Resource]]] = {}
    for place, resource in enumerate(resources):
        found.setdefault(resource.type, []).append((place, resource))
    return found


@dataclass(frozen=True, kw_only=True)
class Stack:
    """All resources of a stack, for a rule that needs more than one."""

    resources: tuple[Resource, ...]
    """Every resource."""

    settings: Mapping[str, Any]
    """Settings of the rule that reads."""

    by_type: ByType
    """Every resource by type, as by_type gives it; made once for all rules."""

    waits_for: list[tuple[Resource, str]] = field(default_factory=list)
    """What the rule could not know yet: resource and path."""

    def of(self, *types: str) -> Iterator[Resource]:
        """Walk the resources of *types*."""
        found = [each for type_token in set(types) for each in self.by_type.get(type_token, ())]
        return (resource for _, resource in sorted(found, key=itemgetter(0)))

    def about(self, target: Resource, types: Iterable[str], path: str) -> list[Resource] | None:
        """Return the resources of *types* whose *path* names *target*; None where that is not known yet.

        A known value is compared with what names the target; an unknown one is the target if Pulumi says that the
        resource depends on it.
        """
        names = list(names_of(target))
        found, unsure = [], False
        for other in self.of(*types):
            seen = Reader(other, {}).each(path)
            value = seen[0][1] if seen else UNKNOWN
            if isinstance(value, str) and value in names:
                found.append(other)
            elif value is None or value is UNKNOWN:
                if target.key in other.depends_on:
                    found.append(other)
                else:
                    unsure = unsure or (value is UNKNOWN and not other.depends_on)
            else:  # a name the target may yet get
                unsure = unsure or (UNKNOWN in names and not other.depends_on)
        if unsure and not found:
            self.waits_for.append((target, path))
            return None
        return found

    def lacks(self, target: Resource, types: Iterable[str], path: str, *inline: str) -> bool:
        """Whether *target* has nothing at any of *inline* and no resource of *types* names it; False where unsure."""
        before = len(self.waits_for)
        if any(is_set(value) for own in inline for value in self.known(target, target, own)) or self.about(
            target, types, path
        ):
            del self.waits_for[before:]
            return False
        return len(self.waits_for) == before

    def known(self, subject: Resource, other: Resource, path: str) -> list[Any]:
        """Return the known values at *path* of *other*; that one is unknown is noted for *subject*."""
        reader = Reader(other, {})
        found = [value for _, value in reader.each(path)]
        self.waits_for.extend((subject, shown) for shown in reader.waits_for)
        return found

    def any_is(self, subject: Resource, others: Iterable[Resource], path: str, *good: Any) -> bool:
        """Whether *path* of one of *others* is one of *good*, or may be: then it is noted for *subject*."""
        before = len(self.waits_for)
        values = [value for other in others for value in self.known(subject, other, path)]
        if any(value in good for value in values):
            del self.waits_for[before:]
            return True
        return len(self.waits_for) > before


def names_of(resource: Resource) -> Iterator[Any]:
    """Walk what other resources may call *resource* by: ids, ARNs, physical and logical names."""
    yield resource.name
    for values in (resource.props, resource.outputs):
        for name in ("id", "arn", "bucket", "name", "keyId", "url"):
            yield values.get(name)
