"""pydantic's findings in plain sentences: what is wrong, the value got, what is allowed."""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any, Final, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from zone.specs.allowed import Node, allowed, fixed, resolve, walk
from zone.specs.document import Path
from zone.specs.problems import Problem, meant
from zone.specs.source import Source

T = TypeVar("T")

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
def _schema(adapter: TypeAdapter[Any]) -> Node:
    """The JSON schema knows what is allowed at each key."""
    return adapter.json_schema()


def _problem(schema: Node, error: ErrorDetails, source: Source) -> Problem:
    """Put one finding into a sentence and place it."""
    kind, (path, node) = error["type"], walk(schema, error["loc"])
    if kind.startswith("union_tag"):  # pydantic points to the whole; the reader looks for the key that chooses
        path = (*path, error["ctx"]["discriminator"].strip("'"))
    if kind == "union_tag_not_found" and (typo := _mistyped(schema, node, path[-1], error["input"])):
        got, keys = typo
        return source.problem((*path[:-1], got), f"unknown key{meant(got, [str(path[-1])])}; allowed: {keys}")
    if kind in {"missing", "union_tag_not_found"}:
        what = f": {_first_sentence(node)}" if kind == "missing" else ""
        choices = f"; allowed: {allowed(node)}" if fixed(node) else ""
        return source.problem(path, f"the required key is missing{what}{choices}")
    if kind == "extra_forbidden":
        known = list(walk(schema, error["loc"][:-1])[1].get("properties", {}))
        return source.problem(path, f"unknown key{meant(str(path[-1]), known)}; allowed: {', '.join(known)}")
    if path[-1:] == ("[key]",):
        _, around = walk(schema, error["loc"][:-2])
        return source.problem(path[:-1], f"not allowed as a name; allowed: {allowed(around['propertyNames'])}")
    wrong = "wrong kind of value" if kind.endswith("_type") else _WRONG.get(kind, "not allowed")
    if kind == "value_error":  # ours, or the standard library's: it says more than "not allowed"
        wrong = str(error["ctx"]["error"])
    value = None if kind == "union_tag_invalid" and not source.raw(path) else error["input"]
    return source.problem(path, f"{wrong}, got {_show(source, path, value)}; allowed: {allowed(node)}")


def _mistyped(schema: Node, node: Node, key: str | int, given: object) -> tuple[str, str] | None:
    """Return the key that was meant to be *key*, which chooses among the kinds of *node*, and all keys of the kinds."""
    known = list(dict.fromkeys(_keys(schema, node)))
    unknown = [str(name) for name in given if name not in known] if isinstance(given, dict) else []
    close = next((name for name in unknown if meant(name, [str(key)])), "")
    return (close, ", ".join(known)) if close else None


def _keys(schema: Node, node: Node) -> Iterator[str]:
    """Yield the keys that *node* or one of its kinds has."""
    yield from node.get("properties", ())
    for each in node.get("oneOf", ()):
        yield from _keys(schema, resolve(schema, each))


def _first_sentence(node: Node) -> str:
    """Return the first sentence of a key's description."""
    text: str = node.get("description", "").replace("\n", " ")
    return text.split(". ", maxsplit=1)[0].rstrip(".")


def _show(source: Source, path: Path, value: object) -> str:
    """Write the value got as the file writes it: 1e3, not the number a parser made of it."""
    written = source.raw(path)
    if not written or isinstance(value, str):
        written = "nothing" if value is None else json.dumps(value, ensure_ascii=False)
    return written if len(written) <= _LONGEST else f"{written[:_LONGEST]}…"
