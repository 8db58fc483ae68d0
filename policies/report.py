"""Findings for people and machines: text, JSON, SARIF."""

import json
from collections.abc import Iterable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from policies.evaluate import Finding
from policies.exceptions import NO_EXCEPTIONS
from policies.rules import REGISTRY, Rule

SARIF_LEVELS: Final = {"mandatory": "error", "advisory": "warning", "disabled": "note"}
SARIF_SCORES: Final = {"critical": "9.5", "high": "8.0", "medium": "5.5", "low": "2.0"}
"""GitHub's `security-severity`: over 9.0 critical, from 7.0 high, from 4.0 medium.

Source: GitHub Docs, "SARIF support for code scanning", read 2026-11-21.
"""


def to_text(findings: Sequence[Finding], resources: int) -> str:
    """Write findings by resource, worst first, and a last line that sums up."""
    lines: list[str] = []
    by_resource: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        by_resource.setdefault((finding["name"], finding["type"]), []).append(finding)
    for (name, type_token), own in by_resource.items():
        lines.append(f"{name}  {type_token}")
        for finding in sorted(own, key=lambda each: (each["unknown"], each["level"] != "mandatory")):
            word = "undecided" if finding["unknown"] else finding["level"]
            lines.append(f"  {word:<9} {finding['severity']:<8} {finding['rule']}: {finding['message']}")
            if not finding["unknown"]:
                lines.append(f"  {'':<18} remedy: {finding['remedy']}")
    mandatory = sum(refuses(finding) for finding in findings)
    unknown = sum(finding["unknown"] for finding in findings)
    advisory = len(findings) - mandatory - unknown
    lines.append(f"{resources} resources: {mandatory} refused, {advisory} advised, {unknown} undecided before `up`")
    return "\n".join(lines)


def to_json(findings: Iterable[Finding]) -> str:
    """Write {"findings": […]}."""
    return json.dumps({"findings": list(findings)}, indent=2)


def to_sarif(findings: Iterable[Finding], file: str, version: str) -> str:
    """Write SARIF 2.1.0 for code scanning; a resource is a logical location in *file*, *version* is the tool's."""
    found = list(findings)
    uri = Path(file).as_uri() if Path(file).is_absolute() else quote(file)
    named = sorted({finding["rule"] for finding in found} & set(REGISTRY))
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {"name": "mlz policy", "version": version, "rules": [_sarif_rule(key) for key in named]}
                },
                "results": [_sarif_result(finding, uri) for finding in found],
            }
        ],
    }
    return json.dumps(log, indent=2)


def _sarif_rule(key: str) -> dict[str, Any]:
    rule = REGISTRY[key]
    return {
        "id": key,
        "shortDescription": {"text": rule.statement},
        "help": {"text": rule.remedy},
        "properties": {
            "severity": rule.severity,
            "security-severity": SARIF_SCORES[rule.severity],
            "tags": ["security", *sorted(rule.frameworks)],
        },
    }


def _sarif_result(finding: Finding, uri: str) -> dict[str, Any]:
    # All results are on line 1 of one file: without a fingerprint of its own, GitHub shows one for all of a rule.
    same = "|".join((finding["rule"], finding["type"], finding["name"], finding["message"]))
    return {
        "ruleId": finding["rule"],
        "level": "note" if finding["unknown"] else SARIF_LEVELS[finding["level"]],
        "message": {"text": f"{finding['name']}: {finding['message']}. Remedy: {finding['remedy']}."},
        "partialFingerprints": {
            "primaryLocationLineHash": sha256(same.encode(errors="backslashreplace")).hexdigest()[:16]
        },
        "locations": [
            {
                "physicalLocation": {"artifactLocation": {"uri": uri}, "region": {"startLine": 1}},
                "logicalLocations": [{"name": finding["name"], "kind": finding["type"]}],
            }
        ],
    }


def refuses(finding: Finding) -> bool:
    """Whether *finding* stops a deployment."""
    return finding["level"] == "mandatory" and not finding["unknown"]


def rules_to_json(rules: Iterable[Rule]) -> str:
    """Write all that is known of *rules*."""
    known = [
        {
            "key": rule.key,
            "level": rule.level,
            "severity": rule.severity,
            "pack": rule.pack,
            "types": None if rule.types is None else sorted(rule.types),
            "statement": rule.statement,
            "remedy": rule.remedy,
            "settings": rule.settings,
            "frameworks": rule.frameworks,
            "ids": rule.ids,
        }
        for rule in rules
    ]
    return json.dumps(known, indent=2)


def one_line(rule: Rule) -> str:
    """Write *rule* in a row of a list."""
    return f"{rule.key:<46} {rule.level:<9} {rule.severity:<8} {rule.pack:<10} {rule.statement}"


def explain(rule: Rule) -> str:
    """Write *rule* for a person."""
    lines = [
        f"{rule.key}  ({rule.level}, {rule.severity}, pack {rule.pack})",
        f"  must hold  {rule.statement}",
        f"  remedy     {rule.remedy}",
    ]
    if rule.key in NO_EXCEPTIONS:
        lines.append("  exceptions none: no account's file can let it pass")
    lines += [
        f"  setting    {name} [{rule.setting_types[name]}], default {json.dumps(value)}"
        for name, value in rule.settings.items()
    ]
    lines += [f"  {name}  {', '.join(known)}" for name, known in (*rule.ids.items(), *rule.frameworks.items())]
    return "\n".join(lines)
