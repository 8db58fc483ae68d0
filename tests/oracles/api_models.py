"""AWS's own models of its requests, as botocore ships them: members, types, lengths, enums and patterns.

botocore's validator looks at members, types and lower limits; its models say more than it looks at, and the rest is
read from them here. Patterns are Java's: `regex` knows their \\p classes. A pattern means the whole value, as AWS's
errors do ("Member must satisfy regular expression pattern").
"""

from functools import cache

import botocore.session
import regex
from botocore.validate import ParamValidator

from tests.oracles.api_calls import CALLS
from tests.oracles.mapping import is_pair, own_name, requests, whole

_SESSION = botocore.session.get_session()
_ASTRAL = (r"\uD800\uDC00-\uDBFF\uDFFF", r"\U00010000-\U0010FFFF")
"""Java writes characters beyond the first 65,536 as pairs; Python writes them as they are."""


@cache
def _model(service):
    return _SESSION.get_service_model(service)


@cache
def _pattern(text):
    return regex.compile(text.replace(*_ASTRAL))


def request_problems(resource, tags):
    """What AWS's models refuse in the requests that make *resource*."""
    found = []
    for ask, made in requests(CALLS[resource.type], resource, tags):
        service, _, operation = ask.of.partition(".")
        shape = _model(service).operation_model(operation).input_shape
        parameters = _named(shape, made)
        report = ParamValidator().validate(parameters, shape)
        found += [f"{operation}: {line}" for line in report.generate_report().splitlines()]
        found += [f"{operation}{problem}" for problem in _broken(shape, parameters)]
    return found


def _named(shape, value):
    """*value* with the names of *shape*: the provider's folded lists and numbers are AWS's again."""
    kind = shape.type_name
    if kind == "structure":
        if isinstance(value, list) and len(value) == 1:
            value = value[0]
        if not isinstance(value, dict):
            return value
        named = {own_name(shape.members, key): each for key, each in value.items()}
        return {key: _named(shape.members[key], each) if key in shape.members else each for key, each in named.items()}
    if kind == "list":
        pair = is_pair(shape.member.members) if shape.member.type_name == "structure" else None
        if pair and isinstance(value, dict) and not set(pair) & set(value):
            value = [dict(zip(pair, each, strict=True)) for each in value.items()]
        value = value if isinstance(value, list) else [value]
        return [_named(shape.member, each) for each in value]
    if kind == "map" and isinstance(value, dict):
        return {key: _named(shape.value, each) for key, each in value.items()}
    return whole(value) if kind in {"integer", "long"} else value


def _broken(shape, value, path=""):
    """Limits, enums and patterns that *value* breaks; what has the wrong type is the validator's to say."""
    if isinstance(value, dict) and shape.type_name == "map":
        yield from _outside(shape, len(value), f"{path}: {len(value)} entries")
        for key in value:
            yield from _broken(shape.key, key, f"{path} key")
    elif isinstance(value, list) and shape.type_name == "list":
        yield from _outside(shape, len(value), f"{path}: {len(value)} items")
    elif isinstance(value, int | float) and shape.type_name in {"integer", "long", "float", "double"}:
        yield from _outside(shape, value, f"{path}: {value}")
    elif isinstance(value, str) and shape.type_name == "string":
        yield from _misspelt(shape, value, path)
    for step, member, each in _inside(shape, value):
        yield from _broken(member, each, f"{path}{step}")


def _inside(shape, value):
    """Path, shape and value of what *value* holds."""
    if isinstance(value, dict) and shape.type_name == "structure":
        return [(f".{key}", shape.members[key], each) for key, each in value.items() if key in shape.members]
    if isinstance(value, dict) and shape.type_name == "map":
        return [(f".{key}", shape.value, each) for key, each in value.items()]
    if isinstance(value, list) and shape.type_name == "list":
        return [("[]", shape.member, each) for each in value]
    return []


def _misspelt(shape, text, path):
    yield from _outside(shape, len(text), f"{path}: {len(text)} characters")
    if shape.enum and text not in shape.enum:
        yield f"{path}: {text!r} is none of {', '.join(shape.enum[:12])}"
    pattern = shape.metadata.get("pattern")
    if pattern and not _pattern(pattern).fullmatch(text):
        yield f"{path}: {text[:80]!r} does not match {pattern}"


def _outside(shape, amount, what):
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if (least is not None and amount < least) or (most is not None and amount > most):
        yield f"{what}, allowed are {least} to {most}"
