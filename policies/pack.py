"""From rules to a CrossGuard pack; besides this, only sent.py, servicer.py and the packs' entries know pulumi_policy.

One policy a rule: levels, settings, severity and frameworks are then CrossGuard's own.
"""

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache
from threading import Thread
from typing import TYPE_CHECKING, Any, Final

from pulumi_policy import (
    EnforcementLevel,
    Policy,
    PolicyComplianceFramework,
    PolicyConfigSchema,
    PolicyPack,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    Severity,
    StackValidationArgs,
    StackValidationPolicy,
)

from policies.evaluate import FAILED, Finding, Settings, judge, judge_stack
from policies.exceptions import UNUSED, excuse, unused
from policies.rules import REGISTRY, Rule
from policies.sent import remember_inputs, resource_of, stack_resources
from policies.servicer import Reads, extend_sdk

if TYPE_CHECKING:
    from zone.specs.account import PolicyException

Report = Callable[[str, str | None], None]
Remediation = Callable[[ResourceValidationArgs], Any]

_JSON_TYPES: Final[Mapping[str, Mapping[str, Any]]] = {
    "number": {"type": "number"},
    "string": {"type": "string"},
    "list of strings": {"type": "array", "items": {"type": "string"}},
    "map of string to string": {"type": "object", "additionalProperties": {"type": "string"}},
    "map of string to list of strings": {
        "type": "object",
        "additionalProperties": {"type": "array", "items": {"type": "string"}},
    },
}


TOGETHER: Final = "together"
"""The pack that has the rules of all."""

STACK: Final = ""
"""Stands for the whole stack where else a URN does."""


def serve(pack: str, description: str, remediations: Mapping[str, Remediation] | None = None) -> None:
    """Serve the rules of *pack* to the engine that started this process; never returns."""
    rules = [rule for rule in REGISTRY.values() if pack in {rule.pack, TOGETHER}]
    extend_sdk(readers(rules))
    # The engine starts the program once the pack serves: what the first resource needs is read meanwhile.
    Thread(target=_read_ahead, daemon=True).start()
    gc.disable()  # a pack serves one run; looking for garbage takes a tenth of its time and finds next to none
    PolicyPack(name=f"mlz-{pack}", description=description, policies=policies(rules, remediations or {}))


def policies(rules: Sequence[Rule], remediations: Mapping[str, Remediation]) -> list[Policy]:
    """Return a policy for each of *rules*, and those that speak at a level a stack has given them instead."""
    single = [rule for rule in rules if rule.check]
    whole = [rule for rule in rules if rule.stack_check]
    return [
        *(resource_policy(rule, remediations.get(rule.key)) for rule in single),
        *(stack_policy(rule) for rule in whole),
        *(relevelled(level) for level in (EnforcementLevel.ADVISORY, EnforcementLevel.MANDATORY)),
        *(stack_relevelled(level) for level in (EnforcementLevel.ADVISORY, EnforcementLevel.MANDATORY)),
        exceptions_unused(rules),
    ]


def readers(rules: Iterable[Rule]) -> Mapping[str, Reads]:
    """Return what each policy of one rule on one resource reads; the others are always asked.

    A stack rule also speaks of what is missing beside a type it does not list.
    """
    return {rule.key: rule.reads for rule in rules if rule.check}


def resource_policy(rule: Rule, remediate: Remediation | None) -> ResourceValidationPolicy:
    """Return the CrossGuard policy of a rule on one resource."""

    def validate(args: ResourceValidationArgs, report: Report) -> None:
        settings = settings_of(rule, args.urn, args.get_config())
        if rule.reads(args.resource_type) and is_on(settings):
            for finding in excused(judge(rule, resource_of(args), settings), args.urn):
                _report_or_keep(rule, finding, args.urn, report, about=args.urn)

    metadata = _metadata(rule)
    if remediate:
        metadata["enforcement_level"] = EnforcementLevel.REMEDIATE  # what it cannot mend is reported as mandatory
    return ResourceValidationPolicy(validate=validate, remediate=remediate, **metadata)


def stack_policy(rule: Rule) -> StackValidationPolicy:
    """Return the CrossGuard policy of a rule on the whole stack."""

    def validate(args: StackValidationArgs, report: Report) -> None:
        urn = args.resources[0].urn if args.resources else ""
        settings = settings_of(rule, urn, args.get_config())
        if is_on(settings):
            urns = {f"{each.name}|{each.resource_type}": each.urn for each in args.resources}
            for finding in excused(judge_stack(rule, stack_resources(args), settings), urn):
                _report_or_keep(rule, finding, urns.get(f"{finding['name']}|{finding['type']}"), report, about=STACK)

    return StackValidationPolicy(validate=validate, **_metadata(rule))


def relevelled(level: EnforcementLevel) -> ResourceValidationPolicy:
    """Return the policy that speaks for each rule whose finding has another level than the rule's own.

    CrossGuard fixes a policy's level before it says which stack it serves. So where an account's file gives a rule
    another level or an exception, or a value is not known yet, or a rule broke, the finding comes from here, with the
    rule's key. The SDK asks it after the rules' own policies; one that --policy-pack-config disables is not asked.
    """

    def validate(args: ResourceValidationArgs, report: Report) -> None:
        remember_inputs(args)
        _report_kept(args.urn, level, report)

    return ResourceValidationPolicy(
        name=f"{level.value}-here",
        description=f"Rules that are {level.value} for this stack or this value.",
        validate=validate,
        enforcement_level=level,
    )


def stack_relevelled(level: EnforcementLevel) -> StackValidationPolicy:
    """Return the same for rules on the whole stack."""

    def validate(_: StackValidationArgs, report: Report) -> None:
        _report_kept(STACK, level, report)

    return StackValidationPolicy(
        name=f"{level.value}-in-this-stack",
        description=f"Rules that are {level.value} for this stack or this value.",
        validate=validate,
        enforcement_level=level,
    )


def exceptions_unused(rules: Sequence[Rule]) -> StackValidationPolicy:
    """Return the policy that names exceptions from *rules* that excused nothing in this run."""
    keys = {rule.key for rule in rules}

    def validate(args: StackValidationArgs, report: Report) -> None:
        urn = args.resources[0].urn if args.resources else ""
        mine = [each for each in _stack_exceptions(stack_of(urn)) if each.rule in keys]
        for finding in unused(mine, _USED):
            report(text(finding), None)  # without a URN it is the stack's

    return StackValidationPolicy(
        name=UNUSED,
        description="Exceptions in the account's file that excuse nothing.",
        validate=validate,
        enforcement_level=EnforcementLevel.ADVISORY,
    )


_KEPT: Final[dict[tuple[str, str], list[tuple[Rule, Finding, str | None]]]] = {}
"""URN asked about (or STACK) and level → findings that the rule's own policy has no level for, each with its URN."""


def _report_or_keep(rule: Rule, finding: Finding, urn: str | None, report: Report, *, about: str) -> None:
    """Report what has the level of *rule*'s own policy, and keep the rest for the policy that has it."""
    if finding["level"] == rule.level and is_decided(finding):
        report(text(finding), urn)
    else:
        _KEPT.setdefault((about, finding["level"]), []).append((rule, finding, urn))


def _report_kept(about: str, level: EnforcementLevel, report: Report) -> None:
    """Report what was kept for *level*."""
    waiting: dict[tuple[str, str | None], list[str]] = {}
    for rule, finding, urn in _KEPT.pop((about, level.value), ()):
        if finding["unknown"]:
            waiting.setdefault((finding["message"], urn), []).append(rule.key)
        else:
            report(f"{rule.key}: {text(finding)}", urn)
    # Ten rules read an IAM policy: one line says that they all wait for it.
    for (message, urn), keys in waiting.items():
        report(f"{message}: {', '.join(keys)}", urn)


_USED: Final[set["PolicyException"]] = set()
"""Exceptions that excused something since the pack was started."""


def excused(findings: Iterable[Finding], urn: str) -> Iterator[Finding]:
    """Apply the exceptions of the stack of *urn*; each finding says whose exception it is."""
    exceptions = _stack_exceptions(stack_of(urn))
    for finding in findings:
        left, by = excuse(finding, exceptions, datetime.now(tz=UTC).date()) if exceptions else (finding, None)
        if by:
            _USED.add(by)
        yield left


def _read_ahead() -> None:
    with suppress(Exception):  # whoever needs them meets the same error, and says it
        _stack_settings("")


@cache
def _stack_settings(stack_name: str) -> Settings:
    from policies.settings import settings_for  # noqa: PLC0415 -- slower than all rules together

    return settings_for(stack_name)


@cache
def _stack_exceptions(stack_name: str) -> Sequence["PolicyException"]:
    from policies.settings import exceptions_for  # noqa: PLC0415 -- as above

    return exceptions_for(stack_name)


def stack_of(urn: str) -> str:
    """Return the stack's name out of urn:pulumi:STACK::…."""
    return urn.removeprefix("urn:pulumi:").split("::")[0]


def settings_of(rule: Rule, urn: str, config: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """Return what the stack of *urn* and --policy-pack-config set; the latter wins."""
    return {**_stack_settings(stack_of(urn)).get(rule.key, {}), **(config or {})}


def is_on(settings: Mapping[str, Any]) -> bool:
    """Whether the account's file does not switch the rule off."""
    return settings.get("enforcementLevel") != "disabled"


def is_decided(finding: Finding) -> bool:
    """Whether *finding* is a violation, and not news of one that could not be judged."""
    return not finding["unknown"] and finding["rule"] != FAILED


def text(finding: Finding) -> str:
    """Write *finding* for a person: the description above it says what must hold."""
    return f"{finding['message']}. Remedy: {finding['remedy']}."


def _metadata(rule: Rule) -> dict[str, Any]:
    properties = {name: dict(_JSON_TYPES[kind]) for name, kind in rule.setting_types.items()}
    framework = next(iter(rule.frameworks.items()), None)
    return {
        "name": rule.key,
        "description": rule.statement,
        "enforcement_level": EnforcementLevel(rule.level),
        "severity": Severity(rule.severity),
        "remediation_steps": rule.remedy,
        "config_schema": PolicyConfigSchema(properties) if properties else None,
        # CrossGuard takes one framework; docs/compliance.md has all of them.
        "framework": PolicyComplianceFramework(framework[0], specification=", ".join(framework[1]))
        if framework
        else None,
    }
