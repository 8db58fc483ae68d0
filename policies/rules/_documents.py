"""JSON documents inside properties: IAM policies, container definitions. String or object, both are read."""

import base64
import binascii
import json
import re
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Any, Final

from policies.rules.plain import UNKNOWN, NeedsUnknownError, Reader, has_unknown

_CREDENTIALS: Final = re.compile(
    r"(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----"
    r"|(?i:aws_secret_access_key)\s*[=:]\s*['\"]?[A-Za-z0-9/+]{40}"
    r"|://[^/\s:@]+:[^/\s:@]+@"
)
# The value is quoted, or a word that is neither a variable, a call, an index nor a keyword; the name is no part of an
# ARN (…:secret:db).
_PASSWORD: Final = re.compile(
    r"-----BEGIN PGP PRIVATE KEY|secret_?access_?key['\"]?[\s=:]+['\"]?[A-Za-z0-9/+]{40}"
    r"|(?<!:)(?:password|passwd|secret|token)['\"]?\s*[=:]\s*"
    r"(?:['\"](?![$({<])[^'\"]{4,}|(?![$({<`]|(?:none|null|true|false)\b)[^\s'\"()\[\]]{4,}+(?![(\[]))",
    re.IGNORECASE,
)
_VARIABLE_IN_URL: Final = re.compile(r"://[^/\s:@]+:\$[^/\s@]*@")
"""https://user:$TOKEN@host: what the variable holds is not written here."""


def document(r: Reader, path: str) -> Any:
    """Return the JSON document at *path*, None where it is absent; text that is no JSON stays text.

    Elements of a list that hold an unknown value are remembered and left out. Statements that hold one come last: who
    reads an unknown element of one by key_of is then undecided, who reads only its known ones is not.

    Raises:
        NeedsUnknownError: nothing of the document is known.
    """
    value = r.get(path)
    if isinstance(value, str):
        return _parsed(value)
    if not has_unknown(value):
        return value
    if isinstance(value, Mapping):
        key = "Statement" if "Statement" in value else "statement"
        parts = as_list(value.get(key))
        if parts and all(isinstance(each, Mapping) for each in parts):
            known = [each for each in parts if not has_unknown(each)]
            partly = [_PartlyKnown(each, f"{r.inside}{path}") for each in parts if has_unknown(each)]
            return {**value, key: [*known, *partly]}
        raise NeedsUnknownError(r.inside + path)
    known = [each for each in value if not has_unknown(each)]
    if not known:
        raise NeedsUnknownError(r.inside + path)
    r.waits_for.append(r.inside + path)
    return known


class _PartlyKnown(dict[str, Any]):
    """A statement with an element that is not known yet."""

    def __init__(self, statement: Mapping[str, Any], path: str) -> None:
        super().__init__(statement)
        self.path = path


@lru_cache(maxsize=512)
def _parsed(text: str) -> Any:
    """Parse *text* once: ten rules read each policy, and none changes it."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def as_list(value: Any) -> list[Any]:
    """Return *value* as a list: IAM takes one thing where many may stand."""
    return value if isinstance(value, list) else [] if value is None else [value]


def key_of(mapping: Mapping[str, Any], name: str) -> Any:
    """Return the element called *name*, also as pulumi-aws' typed documents write it (lower camel case).

    Raises:
        NeedsUnknownError: that element of the statement is not known yet.
    """
    value = mapping[name] if name in mapping else mapping.get(name[0].lower() + name[1:])
    if isinstance(mapping, _PartlyKnown) and has_unknown(value := _beside_star(value)):
        raise NeedsUnknownError(f"{mapping.path}: {name}")
    return value


def _beside_star(value: Any) -> Any:
    """Leave out what is unknown in lists that hold a *: there it changes nothing."""
    if isinstance(value, Mapping):
        return {key: _beside_star(inner) for key, inner in value.items()}
    return [each for each in value if each is not UNKNOWN] if isinstance(value, list) and "*" in value else value


def statements(policy: Any) -> Iterator[Mapping[str, Any]]:
    """Walk the statements of a policy document."""
    if isinstance(policy, Mapping):
        yield from (each for each in as_list(key_of(policy, "Statement")) if isinstance(each, Mapping))


def allows(policy: Any) -> Iterator[Mapping[str, Any]]:
    """Walk the Allow statements of a policy document."""
    return (each for each in statements(policy) if key_of(each, "Effect") == "Allow")


def texts(statement: Mapping[str, Any], element: str) -> list[str]:
    """Return the strings of *element* (Action, Resource …)."""
    return [each for each in as_list(key_of(statement, element)) if isinstance(each, str)]


def principals(statement: Mapping[str, Any], kind: str | None = None) -> list[str]:
    """Return the principals a statement names, of one *kind* (AWS, Service, Federated) or of all."""
    principal = key_of(statement, "Principal")
    if isinstance(principal, str | list):  # a list without a kind is no policy AWS takes, but what it means is plain
        return [each for each in as_list(principal) if isinstance(each, str)] if kind in {None, "AWS"} else []
    if not isinstance(principal, Mapping):
        return []
    return [
        each
        for name, values in principal.items()
        if kind is None or str(name).lower() == kind.lower()
        for each in as_list(values)
        if isinstance(each, str)
    ]


def conditions(statement: Mapping[str, Any]) -> Iterator[tuple[str, str, list[Any]]]:
    """Walk a statement's conditions as (operator, key in lower case, values)."""
    condition = key_of(statement, "Condition")
    for operator, keys in condition.items() if isinstance(condition, Mapping) else ():
        for key, values in keys.items() if isinstance(keys, Mapping) else ():
            yield str(operator), str(key).lower(), as_list(values)


def includes(statement: Mapping[str, Any], action: str) -> bool:
    """Whether *statement* is about *action*: its Action covers it, or its NotAction does not."""
    if key_of(statement, "NotAction") is not None:
        return not any(covers(pattern, action) for pattern in texts(statement, "NotAction"))
    return any(covers(pattern, action) for pattern in texts(statement, "Action"))


_EVERY_RESOURCE: Final = re.compile(r"^(\*+|arn:\*|arn:[^:]*:\*(:\*)*)$")


def is_on_everything(statement: Mapping[str, Any]) -> bool:
    """Whether *statement* is about every resource, or about all but those of its NotResource."""
    return key_of(statement, "NotResource") is not None or any(
        _EVERY_RESOURCE.match(resource) for resource in texts(statement, "Resource")
    )


@lru_cache(maxsize=65536)
def covers(pattern: str, action: str) -> bool:
    """Whether an Action *pattern* includes *action*, as IAM compares them."""
    return fnmatchcase(action.lower(), pattern.lower())


def credentials_in(text: str) -> str | None:
    """Say what credential *text* holds, without repeating it."""
    found = _CREDENTIALS.search(text)
    if not found:
        return None
    start = found[0]
    return f"a credential ({start[:4]}…)"


def password_in(script: str) -> str | None:
    """Say what credential or literal password a *script* holds; `password=$VARIABLE` is none."""
    found = credentials_in(_VARIABLE_IN_URL.sub("://", script))
    return found or ("a literal password" if _PASSWORD.search(script) else None)


def decoded(text: str) -> str:
    """Return base64 *text* decoded; as it is where it is no base64."""
    try:
        return base64.b64decode(text, validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return text
