"""Conditions that no request can meet: a wildcard that stands for itself, and two that exclude each other."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any, Final

from policies.rules._addresses import within
from policies.rules._documents import conditions
from policies.rules._matching import VARIABLE, has_wildcard, key_type

# Source: IAM User Guide, "Condition operators": StringEquals is exact matching, * and ? are for StringLike and the ARN
# operators; read 2026-11-29.
_EXACT: Final = re.compile(
    r"^((ForAllValues|ForAnyValue):)?String(?P<no>Not)?Equals(IgnoreCase)?(IfExists)?$", re.IGNORECASE
)
_EQUAL: Final = re.compile(r"^(string|numeric|date|arn)equals$")
_UNEQUAL: Final = re.compile(r"^((string|numeric|date)notequals|stringnotlike|arnnot(equals|like))(ifexists)?$")
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
    asked: defaultdict[str, list[tuple[str, list[str]]]] = defaultdict(list)
    for operator, key, values in conditions(statement):
        texts = [str(value).lower() if isinstance(value, bool) else str(value) for value in values]
        asked[key].append((operator.lower(), texts))
        yield from _literal_wildcards(operator, key, texts)
    for key, tests in asked.items():
        if len(tests) > 1 and any(_excludes(tests)):
            yield f"{key} is asked for what excludes itself: {' and '.join(operator for operator, _ in tests)}"


def _excludes(tests: list[tuple[str, list[str]]]) -> Iterator[bool]:
    """Walk whether tests of one key, with operators in lower case, exclude each other."""
    needed = [(operator, texts) for operator, texts in tests if _NEEDS_KEY.match(operator) and texts]
    yield bool(needed) and ("null", ["true"]) in tests
    wanted = {text for operator, texts in needed if _EQUAL.match(operator) for text in texts}
    barred = [text for operator, texts in tests if _UNEQUAL.match(operator) for text in texts]
    yield bool(wanted) and all(any(fnmatchcase(text, pattern) for pattern in barred) for text in wanted)
    blocks = [text for operator, texts in needed if operator == "ipaddress" for text in texts]
    outside = [text for operator, texts in tests if operator.startswith("notipaddress") for text in texts]
    yield bool(blocks) and all(within(block, outside) for block in blocks)
    truths = {text.lower() for operator, texts in tests if operator.startswith("bool") for text in texts}
    yield {"true", "false"} <= truths and any(operator == "bool" for operator, _ in needed)


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
