"""Plain data: a resource as rules see it, and how they read it. Neither pulumi nor AWS is known here."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache
from typing import Any, Final


class Unknown(Enum):
    """The type of UNKNOWN."""

    UNKNOWN = "unknown"


UNKNOWN: Final = Unknown.UNKNOWN
"""A value that only `pulumi up` will know."""


class NeedsUnknownError(Exception):
    """A rule needs a value that is not known yet; args[0] is its path."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One resource: dict, list, str, float, bool, None and UNKNOWN all the way down."""

    type: str
    """Type token, e.g. aws:s3/bucket:Bucket."""

    name: str
    """Logical name."""

    props: Mapping[str, Any]
    """Inputs by their camelCase names."""

    outputs: Mapping[str, Any] = field(default_factory=dict)
    """What AWS answered; empty before `up`."""

    depends_on: Sequence[str] = ()
    """The resources it depends on, each as "name|type"."""

    provider: Mapping[str, Any] = field(default_factory=dict)
    """Inputs of its provider: region, defaultTags …"""

    protect: bool | None = None
    """Whether Pulumi guards or retains it on deletion; None where the source does not say."""

    @property
    def key(self) -> str:
        """Return "name|type", as dependencies are written."""
        return f"{self.name}|{self.type}"


@lru_cache(maxsize=4096)
def _steps(path: str) -> tuple[str | None, ...]:
    """Cut "a[].b" into ("a", None, "b"); None stands for every element."""
    steps: list[str | None] = []
    for part in path.split("."):
        steps.append(part.removesuffix("[]"))
        if part.endswith("[]"):
            steps.append(None)
    return tuple(steps)


def values(data: Any, path: str) -> list[tuple[str, Any]]:
    """Return each value at *path* with its concrete path.

    A missing key gives one None, an absent or empty list gives nothing; so does a list behind a missing key.
    """
    steps = _steps(path)
    current = data
    for step in steps:  # nine paths in ten have no list on the way: one loop then, no recursion
        if step is not None and type(current) is dict:
            current = current.get(step)
        elif current is None:
            return [] if None in steps else [(path, None)]
        else:
            break
    else:
        return [(path, current)]
    found: list[tuple[str, Any]] = []
    _walk(data, steps, 0, "", found)
    return found


def _walk(data: Any, steps: tuple[str | None, ...], at: int, shown: str, found: list[tuple[str, Any]]) -> None:
    if at == len(steps) or data is UNKNOWN:
        found.append((shown, data))
        return
    step = steps[at]
    if step is None:
        if isinstance(data, list):
            for index, element in enumerate(data):
                _walk(element, steps, at + 1, f"{shown}[{index}]", found)
        elif isinstance(data, Mapping):  # a provider version may turn a list of one into the element itself
            _walk(data, steps, at + 1, shown, found)
    else:
        if isinstance(data, list):  # the reverse: what is one object today was a list in another version
            for index, element in enumerate(data):
                _walk(element, steps, at, f"{shown}[{index}]", found)
            return
        inner = data.get(step) if isinstance(data, Mapping) else None
        _walk(inner, steps, at + 1, f"{shown}.{step}" if shown else step, found)


def is_set(value: Any) -> bool:
    """Whether *value* says anything: not None, "", [] or {}."""
    return value is not None and value not in ("", [], {})


def is_true(value: Any) -> bool:
    """Whether *value* is true; some providers write "true"."""
    return value is True or value == "true"


def strings(data: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Walk all strings in *data*, each with its path."""
    if isinstance(data, str):
        yield path, data
    elif isinstance(data, Mapping):
        for key, value in data.items():
            yield from strings(value, f"{path}.{key}" if path else str(key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from strings(value, f"{path}[{index}]")


def has_unknown(data: Any) -> bool:
    """Whether UNKNOWN is anywhere in *data*."""
    if isinstance(data, Mapping):
        return any(has_unknown(value) for value in data.values())
    if isinstance(data, list):
        return any(has_unknown(value) for value in data)
    return data is UNKNOWN


class Reader:
    """A resource, or one element inside it, in the hands of one rule; remembers what was not known."""

    __slots__ = ("data", "inside", "resource", "settings", "waits_for")

    def __init__(
        self,
        resource: Resource,
        settings: Mapping[str, Any],
        data: Any = None,
        inside: str = "",
        waits_for: list[str] | None = None,
    ) -> None:
        self.resource = resource
        self.settings = settings
        self.data = resource.props if data is None else data
        self.inside = inside
        self.waits_for: list[str] = [] if waits_for is None else waits_for

    def get(self, path: str, default: Any = None) -> Any:
        """Return the value at *path* (no []), *default* where absent.

        Raises:
            NeedsUnknownError: the value is not known yet. What the rule said before stays.
        """
        data: Any = self.data
        for step in _steps(path):
            if isinstance(data, list) and len(data) == 1:
                data = data[0]
            data = data.get(step) if isinstance(data, Mapping) and step else None
            if data is UNKNOWN:
                raise NeedsUnknownError(self.inside + path)
        return default if data is None else data

    def each(self, path: str) -> list[tuple[str, Any]]:
        """Return each known value at *path* with its concrete path; unknown ones are remembered and left out.

        A missing last key gives None, so that "absent" can be judged; an absent list gives nothing.
        """
        known: list[tuple[str, Any]] = []
        for shown, value in values(self.data, path):
            if value is UNKNOWN:
                self.waits_for.append(self.inside + shown)
            else:
                known.append((self.inside + shown, value))
        return known

    def none_of(self, *tests: tuple[str, Callable[[Any], bool]]) -> bool:
        """Whether all of *tests*, each a path (no []) and what would do for its value, fail: one good value decides.

        Where none is passed and a value is not known yet, it may be the good one: that is remembered, and not said.
        """
        unknown: list[str] = []
        for path, holds in tests:
            try:
                if holds(self.get(path)):
                    return False
            except NeedsUnknownError as error:
                unknown.append(error.args[0])
        self.waits_for.extend(unknown)
        return not unknown

    def elements(self, path: str) -> Iterator["Reader"]:
        """Walk the objects at *path*, e.g. productionVariants[], each to be read by paths of its own."""
        for shown, value in self.each(path):
            if isinstance(value, Mapping):
                yield Reader(self.resource, self.settings, value, f"{shown}.", self.waits_for)

    def missing(self, *paths: str) -> Iterator[str]:
        """Complain about each of *paths* that is absent or empty."""
        for path in paths:
            for shown, value in self.each(path):
                if not is_set(value):
                    yield f"{shown} is not set"

    def unless(self, path: str, *allowed: Any, default: Any = None) -> Iterator[str]:
        """Complain about each value at *path* that is none of *allowed*; absent counts as *default*."""
        for shown, value in self.each(path):
            seen = default if value is None else value
            # 1 == True in Python, but not in a property; "true" is how some types write it.
            if not any(
                (seen == good and isinstance(seen, bool) == isinstance(good, bool)) for good in allowed
            ) and not (is_true(seen) and True in allowed):
                yield f"{shown} is {shown_value(value, default)}"


def shown_value(value: Any, default: Any = None) -> str:
    """Write *value* for a message; an absent one with what the provider then takes."""
    if value is None:
        return "absent" if default is None else f"absent (then {shown_value(default)})"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
