"""Conditions that no request can meet: a wildcard that stands for itself, and two that exclude each other."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, Final

from policies.rules._documents import conditions
from policies.rules._matching import VARIABLE, has_wildcard, key_type

# Source: IAM User Guide, "Condition operators": StringEquals is exact matching, * and ? are for StringLike and the ARN
# operators; read 2026-11-29.
_EXACT: Final = re.compile(
    r"^((ForAllValues|ForAnyValue):)?String(?P<no>Not)?Equals(IgnoreCase)?(IfExists)?$", re.IGNORECASE
)
_EQUAL: Final = re.compile(r"^(String|Numeric|Date|Arn)Equals(IgnoreCase)?$", re.IGNORECASE)
_UNEQUAL: Final = re.compile(r"^(String|Numeric|Date|Arn)NotEquals(IgnoreCase)?(IfExists)?$", re.IGNORECASE)
_NEEDS_KEY: Final = re.compile(
    r"^(ForAnyValue:)?((String|Arn)(Equals|EqualsIgnoreCase|Like)|(Numeric|Date)(Equals|(Less|Greater)Than(Equals)?)"
    r"|Bool|BinaryEquals|IpAddress)$",
    re.IGNORECASE,
)
"""Operators that match only where the key is there."""

_WITHOUT_WILDCARDS: Final = frozenset(
    {
        *("aws:calledvia", "aws:calledviafirst", "aws:calledvialast", "aws:principalaccount", "aws:principalorgid"),
        *("aws:principalorgpaths", "aws:principalservicename", "aws:requestedregion", "aws:resourceaccount"),
        *("aws:resourceorgid", "aws:resourceorgpaths", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths"),
        *("aws:sourceowner", "aws:sourcevpc", "aws:sourcevpce", "aws:userid", "aws:username", "aws:vpceaccount"),
        *("aws:vpceorgid", "aws:vpceorgpaths", "ec2:instancetype", "iam:awsservicename", "iam:passedtoservice"),
        *("kms:calleraccount", "kms:viaservice", "s3:dataaccesspointaccount", "s3:resourceaccount"),
        *("sagemaker:instancetypes", "sts:externalid", "sts:rolesessionname"),
    }
)
"""Keys whose values hold neither * nor ?, besides ARNs and the subjects of identity providers."""


def contradictions(statement: Mapping[str, Any]) -> Iterator[str]:
    """Complain about conditions that no request can meet, or that each meets."""
    equal: defaultdict[str, set[str]] = defaultdict(set)
    unequal: defaultdict[str, set[str]] = defaultdict(set)
    absent: set[str] = set()
    needed: set[str] = set()
    for operator, key, values in conditions(statement):
        texts = [str(value) for value in values]
        yield from _literal_wildcards(operator, key, texts)
        if _NEEDS_KEY.match(operator):
            needed.add(key)
        if operator.lower() == "null" and [text.lower() for text in texts] == ["true"]:
            absent.add(key)
        if _EQUAL.match(operator):
            equal[key] |= set(texts)
        elif _UNEQUAL.match(operator):
            unequal[key] |= set(texts)
    yield from (f"{key} is to be absent, and to have a value" for key in sorted(absent & needed))
    for key, wanted in equal.items():
        if wanted and wanted <= unequal[key]:
            yield f"{key} is to be {', '.join(sorted(wanted))}, and not to be"


def _literal_wildcards(operator: str, key: str, texts: list[str]) -> Iterator[str]:
    found = _EXACT.match(operator)
    if found is None or not _has_no_wildcards(key):
        return
    for text in texts:
        if has_wildcard(VARIABLE.sub("", text)):
            like = "StringNotLike" if found["no"] else "StringLike"
            yield f"{operator} {key}: {text} is compared as it stands: write {like}"


def _has_no_wildcards(key: str) -> bool:
    return key in _WITHOUT_WILDCARDS or key_type(key) == "ARN" or (key.endswith(":sub") and "." in key)
