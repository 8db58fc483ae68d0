"""Resources and settings in, findings out. The packs, `./mlz policy`, the checks and the tests all ask here."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, TypedDict

from policies.rules import REGISTRY, ByType, NeedsUnknownError, Reader, Resource, Rule, Stack, by_type, rules_for

Settings = Mapping[str, Mapping[str, Any]]
"""rule key → setting → value; enforcementLevel is a setting of every rule."""

FAILED: Final = "rule-failed"
"""Rule of the finding that says that a rule itself broke."""


class Finding(TypedDict):
    """One thing a rule says about one resource."""

    rule: str
    """Key of the rule."""
    level: str
    """mandatory, advisory or disabled."""
    severity: str
    """critical, high, medium or low."""
    type: str
    """Type token of the resource."""
    name: str
    """Its logical name."""
    message: str
    """What is wrong, where."""
    remedy: str
    """What to do."""
    unknown: bool
    """True: a value is not known yet, `up` decides."""


def evaluate(
    resources: Iterable[Resource], settings: Settings, *, wanted: Callable[[Rule], bool] = lambda _: True
) -> list[Finding]:
    """Run every *wanted* rule, whatever its level, over *resources*; findings in the order of the resources."""
    everything = tuple(resources)
    found: list[Finding] = []
    for resource in everything:
        for rule in rules_for(resource.type):
            if wanted(rule):
                found += judge(rule, resource, settings.get(rule.key))
    sorted_once = by_type(everything)
    for rule in REGISTRY.values():
        if rule.stack_check and wanted(rule):
            found += judge_stack(rule, everything, settings.get(rule.key), sorted_once)
    return found


def judge(rule: Rule, resource: Resource, settings: Mapping[str, Any] | None = None) -> list[Finding]:
    """Run one rule over one resource."""
    if rule.check is None:
        return []
    reader = Reader(resource, {**rule.settings, **settings} if settings else rule.settings)
    messages: list[str] = []
    # The messages are collected as they come: what a rule said before it met an unknown value, or broke, counts.
    try:
        messages.extend(rule.check(reader))
    except NeedsUnknownError as error:
        reader.waits_for.append(error.args[0])
    except Exception as error:  # noqa: BLE001 -- whatever breaks one rule must not silence the others
        return [*_said(rule, resource, messages, settings), _broken(rule, resource, error)]
    if messages or not reader.waits_for:
        return list(_said(rule, resource, messages, settings))
    return [_undecided(rule, resource, reader.waits_for)]


def judge_stack(
    rule: Rule,
    resources: tuple[Resource, ...],
    settings: Mapping[str, Any] | None = None,
    sorted_once: ByType | None = None,
) -> list[Finding]:
    """Run one stack rule over all *resources*; who runs several rules sorts them once."""
    if rule.stack_check is None:
        return []
    stack = Stack(
        resources=resources,
        settings={**rule.settings, **settings} if settings else rule.settings,
        by_type=by_type(resources) if sorted_once is None else sorted_once,
    )
    found: list[Finding] = []
    try:
        for resource, message in rule.stack_check(stack):
            found += _said(rule, resource, [message], settings)
    except Exception as error:  # noqa: BLE001 -- as above
        nothing = Resource(type="pulumi:pulumi:Stack", name="stack", props={})
        found.append(_broken(rule, nothing, error))
    at_fault = {(finding["name"], finding["type"]) for finding in found}
    for resource, path in stack.waits_for:
        if (resource.name, resource.type) not in at_fault:
            found.append(_undecided(rule, resource, [path]))
    return found


def in_part(findings: Iterable[Finding]) -> list[Finding]:
    """Return *findings* of a part of a stack, where stack rules decide nothing: what they miss may be in the rest."""
    return [
        {**finding, "level": "advisory", "unknown": True}
        if (rule := REGISTRY.get(finding["rule"])) and rule.stack_check
        else finding
        for finding in findings
    ]


def level_of(rule: Rule, settings: Mapping[str, Any] | None) -> str:
    """Return the level of *rule* under *settings*."""
    return str((settings or {}).get("enforcementLevel", rule.level))


def _said(
    rule: Rule, resource: Resource, messages: Iterable[str], settings: Mapping[str, Any] | None
) -> Iterator[Finding]:
    level = level_of(rule, settings)
    for message in messages:
        yield _finding(rule, resource, message, level=level)


def _undecided(rule: Rule, resource: Resource, paths: Iterable[str]) -> Finding:
    text = f"{', '.join(dict.fromkeys(paths))}: not known before `up`, which decides"
    return _finding(rule, resource, text, level="advisory", unknown=True)


def _broken(rule: Rule, resource: Resource, error: Exception) -> Finding:
    text = f"the rule {rule.key} broke on this resource ({type(error).__name__}: {error}), so it decided nothing"
    finding = _finding(rule, resource, text, level="advisory")
    return {**finding, "rule": FAILED, "remedy": "check the property's type; if it is right, report the rule"}


def _finding(rule: Rule, resource: Resource, message: str, *, level: str, unknown: bool = False) -> Finding:
    return {
        "rule": rule.key,
        "level": level,
        "severity": rule.severity,
        "type": resource.type,
        "name": resource.name,
        "message": message,
        "remedy": rule.remedy,
        "unknown": unknown,
    }
