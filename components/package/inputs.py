"""Reads what the engine hands over for a component into the dataclass that its constructor takes.

Another program's values come as plain maps, lists, strings and numbers under the schema's names (`accountId`); what
is known only after something was made comes as an Output. All mistakes are told at once, each with its place.
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from difflib import get_close_matches
from typing import Any, TypeVar, cast, get_args

import pulumi
from pulumi.output import Unknown
from pulumi.provider.experimental.analyzer import (
    is_any,
    is_dict,
    is_input,
    is_list,
    is_optional,
    unwrap_input,
    unwrap_optional,
)
from pulumi.provider.experimental.util import camel_case

Made = TypeVar("Made")

WORDS: dict[type, str] = {str: "a string", bool: "true or false", int: "a whole number", float: "a number"}
"""What a value must be, in the words of somebody who doesn't write Python."""


def read_inputs(kind: type[Made], given: Mapping[str, Any]) -> Made:
    """Make *kind*, a dataclass, of what the engine gave.

    Args:
        kind: fields of the types that the SDK's analyzer takes, which the schema is made of.
        given: values by the schema's names.

    Raises:
        InputPropertiesError: something is missing, unknown or of the wrong type; it names each such input.
    """
    reader = _Reader()
    made = reader.object(kind, given, "")
    if reader.problems:
        raise pulumi.InputPropertiesError("these inputs are wrong:", reader.problems)
    return cast("Made", made)


class _Reader:
    """Reads values and collects what is wrong with them; what a wrong one is read as is never used."""

    def __init__(self) -> None:
        self.problems: list[pulumi.InputPropertyErrorDetails] = []

    def refuse(self, at: str, reason: str) -> None:
        self.problems.append({"property_path": at, "reason": reason})

    def object(self, kind: type[Any], given: Mapping[str, Any], at: str) -> Any:
        inside = f"{at}." if at else ""
        known = {camel_case(field.name): field for field in fields(kind)}
        for name in (name for name in given if name not in known):
            near = get_close_matches(name, known, n=1)
            meant = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}"
            self.refuse(f"{inside}{name}", f"there is no such input; {meant}")
        values = {}
        for name, field in known.items():
            if given.get(name) is not None:  # a null is the same as leaving it out
                values[field.name] = self.value(field.type, given[name], f"{inside}{name}")
            elif _required(field):
                self.refuse(f"{inside}{name}", f"it is missing; give {_words(field.type)}")
        return None if self.problems else kind(**values)

    def value(self, kind: Any, given: Any, at: str) -> Any:
        if isinstance(given, pulumi.Output | Unknown):
            if is_input(kind):
                return given if isinstance(given, pulumi.Output) else pulumi.Output.from_input(given)
            return self.refuse(at, _known_before(kind))
        return self.known(_bare(kind), given, at)

    def known(self, kind: Any, given: Any, at: str) -> Any:
        if is_any(kind):
            return given
        if is_list(kind):
            return self.items(kind, given, at)
        if is_dict(kind):
            return self.entries(kind, given, at)
        if is_dataclass(kind) and isinstance(given, Mapping):
            return self.object(cast("type[Any]", kind), given, at)
        return self.single(kind, given, at)

    def items(self, kind: Any, given: Any, at: str) -> Any:
        if not isinstance(given, list):
            return self.wrong(kind, at)
        (item,) = get_args(kind)
        return [self.value(item, each, f"{at}[{index}]") for index, each in enumerate(given)]

    def entries(self, kind: Any, given: Any, at: str) -> Any:
        if not isinstance(given, Mapping):
            return self.wrong(kind, at)
        _, entry = get_args(kind)
        return {key: self.value(entry, each, f"{at}.{key}") for key, each in given.items()}

    def single(self, kind: Any, given: Any, at: str) -> Any:
        if kind in _SCALARS and _SCALARS[kind](given):
            return kind(given)
        return self.wrong(kind, at)

    def wrong(self, kind: Any, at: str) -> None:
        self.refuse(at, f"it must be {_words(kind)}")


_SCALARS: dict[type, Callable[[Any], bool]] = {
    str: lambda given: isinstance(given, str),
    bool: lambda given: isinstance(given, bool),
    # Every number travels as a float, and Python's True is an int.
    int: lambda given: isinstance(given, int | float) and not isinstance(given, bool) and float(given).is_integer(),
    float: lambda given: isinstance(given, int | float) and not isinstance(given, bool),
}


def _known_before(kind: Any) -> str:
    """Say why *kind* can't be an output, or a secret."""
    if (is_list(kind) or is_dict(kind)) and is_input(get_args(kind)[-1]):
        return f"give {_words(kind)} whose entries are outputs, not one output: how many there are must be known before"
    return "it decides what is made, so it must be known before: no secret, no other's output"


def _bare(kind: Any) -> Any:
    """Take `Input` and `None` off a type."""
    if is_input(kind):
        return _bare(unwrap_input(kind))
    return _bare(unwrap_optional(kind)) if is_optional(kind) else kind


def _required(field: Field[Any]) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def _words(kind: Any) -> str:
    """Say what a value of *kind* is."""
    kind = _bare(kind)
    if is_list(kind):
        return "a list"
    if is_dict(kind):
        return "a map"
    return WORDS.get(kind, "an object")
