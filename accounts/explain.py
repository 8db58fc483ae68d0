"""pydantic's findings in plain sentences: what is wrong, the value got, what is allowed."""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any, Final, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from accounts.document import Path
from accounts.problems import Problem, meant
from accounts.source import Source

T = TypeVar("T")

_KINDS: Final = {
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "keys with values",
    "ipv4network": "an IPv4 network such as 10.64.0.0/14",
    "date": "a date such as 2026-11-21",
}
"""A JSON schema type or format in words."""

_WRONG: Final = {
    "too_short": "too few",
    "too_long": "too many",
    "string_too_short": "too short",
    "string_too_long": "too long",
    "greater_than_equal": "too small",
    "less_than_equal": "too large",
}
"""What is wrong by pydantic's error type, where it can be said better than "not allowed"."""

_LONGEST: Final = 60
"""A longer value is cut in a message [characters]."""


def validate(adapter: TypeAdapter[T], source: Source, problems: list[Problem]) -> T | None:
    """Return the typed spec; or None, and add all that is wrong to *problems*.

    Strict, and through JSON: YAML's values are JSON's, so "5" is no number and a list becomes a tuple by itself.
    """
    try:
        return adapter.validate_json(json.dumps(source.values), strict=True)
    except ValidationError as error:
        schema = _schema(adapter)
        problems += [_problem(schema, details, source) for details in error.errors(include_url=False)]
        return None


@cache
def _schema(adapter: TypeAdapter[Any]) -> dict[str, Any]:
    """The JSON schema knows what is allowed at each key."""
    return adapter.json_schema()


def _problem(schema: dict[str, Any], error: ErrorDetails, source: Source) -> Problem:
    """Put one finding into a sentence and place it."""
    location, is_key = list(error["loc"]), error["loc"][-1:] == ("[key]",)
    kind = error["type"]
    if kind.startswith("union_tag"):  # pydantic points to the union; the reader looks for the key that chooses
        path, _ = _walk(schema, location)
        choice = (*path, error["ctx"]["discriminator"].strip("'"))
        allowed = ", ".join(_choices(schema, location))
        if kind == "union_tag_not_found":
            return source.problem(choice, f"the required key is missing; allowed: {allowed}")
        return source.problem(
            choice, f"not allowed, got {_show(source, choice, error['ctx']['tag'])}; allowed: {allowed}"
        )
    path, node = _walk(schema, location[:-1] if is_key else location)
    if kind == "missing":
        return source.problem(path, f"the required key is missing: {_first_sentence(node)}")
    if kind == "extra_forbidden":
        known = list(_walk(schema, location[:-1])[1].get("properties", {}))
        hint = meant(str(path[-1]), known)
        return source.problem(path, f"unknown key{hint or ','} allowed: {', '.join(known)}")
    if is_key:
        node = {"pattern": error.get("ctx", {}).get("pattern"), **node.get("propertyNames", {})}
        return source.problem(path, f"not allowed as a name; allowed: {_allowed(schema, node, error)}")
    wrong = "wrong kind of value" if kind.endswith("_type") else _WRONG.get(kind, "not allowed")
    return source.problem(
        path, f"{wrong}, got {_show(source, path, error['input'])}; allowed: {_allowed(schema, node, error)}"
    )


def _walk(schema: dict[str, Any], location: list[str | int]) -> tuple[Path, dict[str, Any]]:
    """Follow pydantic's location; it also names the chosen member of a union, which is no key of the file."""
    path: list[str | int] = []
    node = _resolve(schema, schema)
    for step in location:
        if "discriminator" in node:
            node = _resolve(schema, {"$ref": node["discriminator"]["mapping"].get(step, "#")})
            continue
        path.append(step)
        node = _resolve(schema, _below(node, step))
    return tuple(path), node


def _below(node: dict[str, Any], step: str | int) -> dict[str, Any]:
    """Return the schema of one key or list item."""
    if isinstance(step, int):
        found = node.get("items", {})
    else:
        found = node.get("properties", {}).get(step)
        found = found or next(iter(node.get("patternProperties", {}).values()), None)
        found = found or node.get("additionalProperties", {})
    return found if isinstance(found, dict) else {}


def _resolve(schema: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    """Follow a reference; of an optional value take the value."""
    options = [option for option in node.get("anyOf", []) if option.get("type") != "null"]
    if options:
        node = {**options[0], **{key: value for key, value in node.items() if key != "anyOf"}}
    if "$ref" in node:
        target = schema["$defs"].get(node["$ref"].removeprefix("#/$defs/"), {})
        node = {**target, **{key: value for key, value in node.items() if key != "$ref"}}
    return node


def _choices(schema: dict[str, Any], location: list[str | int]) -> Iterator[str]:
    """Yield the tags a union knows."""
    yield from _walk(schema, location)[1]["discriminator"]["mapping"]


def _allowed(schema: dict[str, Any], node: dict[str, Any], error: ErrorDetails) -> str:
    """Say what may stand at a key."""
    choices = node.get("enum") or ([node["const"]] if "const" in node else None)
    if choices:
        return ", ".join(map(str, choices))
    if error["type"] == "value_error":
        return f"{_KINDS.get(node.get('format', ''), 'another value')} ({error['ctx']['error']})"
    if "pattern" in node and error["type"] in {"string_pattern_mismatch", "string_type"}:
        return _meanings(json.dumps(schema)).get(node["pattern"], f"what matches {node['pattern']}")
    what = _KINDS.get(node.get("format", ""), _KINDS.get(node.get("type", ""), error["msg"]))
    least = next((node[key] for key in ("minimum", "minLength", "minItems", "minProperties") if key in node), None)
    most = next((node[key] for key in ("maximum", "maxLength", "maxItems", "maxProperties") if key in node), None)
    unit = {"string": " characters", "array": " entries", "object": " entries"}.get(node.get("type", ""), "")
    if least is not None and most is not None:
        return f"{what}, {least} to {most}{unit}"
    if least is not None:
        return f"{what}, at least {least}{unit}"
    return f"{what}, at most {most}{unit}" if most is not None else what


@cache
def _meanings(schema: str) -> dict[str, str]:
    """Return each pattern of the schema with its meaning in words."""
    found: dict[str, str] = {}

    def note(node: dict[str, Any]) -> dict[str, Any]:
        if "pattern" in node and "patternErrorMessage" in node:
            found[node["pattern"]] = node["patternErrorMessage"]
        return node

    json.loads(schema, object_hook=note)
    return found


def _first_sentence(node: dict[str, Any]) -> str:
    """Return the first sentence of a key's description."""
    text: str = node.get("description", "").replace("\n", " ")
    return text.split(". ", maxsplit=1)[0].rstrip(".")


def _show(source: Source, path: Path, value: object) -> str:
    """Write the value got as the file writes it: 012345, not the number a parser made of it."""
    written = source.raw(path)
    if written is None or isinstance(value, str):
        written = "nothing" if value is None else json.dumps(value, ensure_ascii=False)
    return written if len(written) <= _LONGEST else f"{written[:_LONGEST]}…"
