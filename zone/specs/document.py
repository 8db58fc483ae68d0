"""One YAML file: plain values, and the line of each. Nothing YAML 1.1 guesses is guessed here."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

import yaml

from zone.specs.problems import Problem

Path = tuple[str | int, ...]
"""Where a value stands in a file: keys and list positions from the top."""

# libyaml where PyYAML was built with it, as its wheels are: 15 times faster, the same events.
_LOADER: Final[type] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_DEEPEST: Final = 32
"""Levels of nesting read; our deepest key stands on level 6, and a parser's stack is not for an input to exhaust."""

# A number of 19 digits or more is no quantity here: it stays text, and its type is refused with a clear message.
_WHOLE: Final = re.compile(r"[-+]?[0-9]{1,18}")
_FRACTION: Final = re.compile(r"[-+]?[0-9]{1,18}\.[0-9]*")
_LEADING_ZERO: Final = re.compile(r"[-+]?0[0-9]+")
_SHOWN: Final = 60
"""A longer line is cut in a message [characters]."""

_WORDS: Final = {"true": True, "false": False, "null": None, "~": None, "": None}


@dataclass(frozen=True)
class Document:
    """A file's text and what it says."""

    file: str
    """Path relative to the accounts folder."""

    text: str
    """The text as it stands in the file; empty if it is no YAML for us."""

    values: dict[str, Any]
    """The values; empty if the file has problems."""

    def line(self, path: Path) -> tuple[int, int]:
        """Return how many steps of *path* exist in this file, and the line [from 1] of the last one that does."""
        lines = _read_again(self.text).lines
        depth = max(depth for depth in range(len(path) + 1) if path[:depth] in lines)
        return depth, lines[path[:depth]]

    def raw(self, path: Path) -> str | None:
        """Return the scalar at *path* as it is written, or None if it is no scalar."""
        return _read_again(self.text).scalars.get(path)


def parse(file: str, raw: bytes) -> tuple[Document, list[Problem]]:
    """Read one file; the second value says all that is wrong with it as YAML."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        bad = Problem(file, line, "", f"byte {error.start} is not UTF-8: save the file as UTF-8")
        return Document(file, "", {}), [bad]
    reader = _Reader(file)
    values = reader.read(text)
    return Document(file, "" if reader.problems else text, {} if reader.problems else values), reader.problems


def show_path(path: Path) -> str:
    """Write a path as people do: members.ana.persona, reads[1]."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


class _Stop(Exception):  # noqa: N818 # no error of its own: the problem is noted already
    """The rest of the file can't be read."""


@dataclass
class _Reader:
    """Turns a file's events into plain values; what is not plain becomes a problem."""

    file: str
    problems: list[Problem] = field(default_factory=list)
    lines: dict[Path, int] = field(default_factory=lambda: {(): 1})
    scalars: dict[Path, str] = field(default_factory=dict)

    def read(self, text: str) -> dict[str, Any]:
        """Return the file's values; empty if it has problems."""
        try:
            events = iter(yaml.parse(text, Loader=_LOADER))
            next(events)  # the stream begins
            if isinstance(next(events), yaml.StreamEndEvent):
                self.refuse(1, (), "the file is empty: write keys with values (key: value)")
                return {}
            first = next(events)
            values = self.value(events, first, ())
            next(events)  # the document ends
            after = next(events)
        except yaml.YAMLError as error:
            self.problems.append(_broken(self.file, text, error))
            return {}
        except _Stop:
            return {}
        if not isinstance(after, yaml.StreamEndEvent):
            self.refuse(_line(after), (), "a second document begins: one file describes one account")
        if not isinstance(values, dict) and not self.problems:
            self.refuse(_line(first), (), f"the file holds {_kind(first)}: write keys with values (key: value)")
        return {} if self.problems else values

    def value(self, events: Iterator[yaml.Event], event: yaml.Event, path: Path) -> Any:  # noqa: ANN401 # any value
        """Return the plain value that begins with *event*."""
        if len(path) > _DEEPEST:
            self.refuse(_line(event), path[:3], f"nested deeper than {_DEEPEST} levels: no key of a spec is")
            raise _Stop
        if isinstance(event, yaml.AliasEvent):  # aliases can nest without end, and would be a second way to merge
            self.refuse(_line(event), path, "YAML aliases are not read: write the value out, or use a profile")
            return None
        if event.tag is not None:
            self.refuse(_line(event), path, f"the tag {event.tag} means nothing here: write the value without it")
        if isinstance(event, yaml.MappingStartEvent):
            return dict(self.pairs(events, path))
        if isinstance(event, yaml.SequenceStartEvent):
            return list(self.items(events, path))
        text: str = event.value
        self.scalars[path] = text
        return self.scalar(text, _line(event), path) if event.implicit[0] else text

    def items(self, events: Iterator[yaml.Event], path: Path) -> Iterator[Any]:
        """Yield the values of a list."""
        for place, event in enumerate(iter(lambda: next(events), None)):
            if isinstance(event, yaml.SequenceEndEvent):
                return
            self.lines[*path, place] = _line(event)
            yield self.value(events, event, (*path, place))

    def pairs(self, events: Iterator[yaml.Event], path: Path) -> Iterator[tuple[str, Any]]:
        """Yield keys and values, each key once; PyYAML's own loader would let the last of two equal keys win."""
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            line = _line(event)
            if not isinstance(event, yaml.ScalarEvent):
                self.refuse(line, path, f"a key is {_kind(event)}: write a name")
                self.value(events, event, path)
                self.value(events, next(events), path)
                continue
            key = (*path, event.value)
            if key in self.lines:
                self.refuse(line, key, f"the key stands twice, first in line {self.lines[key]}: keep one of them")
            self.lines.setdefault(key, line)
            yield event.value, self.value(events, next(events), key)

    def scalar(self, text: str, line: int, path: Path) -> str | float | bool | None:
        """Return what an unquoted word means: text, unless it is a number, true, false or null."""
        if text in _WORDS:
            return _WORDS[text]
        if _LEADING_ZERO.fullmatch(text):
            # YAML 1.1 programs read 012345670123 as octal 1402433619, YAML 1.2 ones drop the zero.
            self.refuse(line, path, f"{text} starts with 0, which changes a number: quote it, '{text}'")
            return text
        if _WHOLE.fullmatch(text):
            return int(text)
        return float(text) if _FRACTION.fullmatch(text) else text

    def refuse(self, line: int, path: Path, text: str) -> None:
        """Note a problem."""
        self.problems.append(Problem(self.file, line, show_path(path), text))


@lru_cache(maxsize=64)
def _read_again(text: str) -> _Reader:
    """Read a file again for its lines: only a problem needs them, so a good file never pays for keeping them."""
    reader = _Reader("")
    reader.read(text)
    return reader


def _line(event: yaml.Event) -> int:
    """Return the line [from 1] where *event* begins."""
    line: int = event.start_mark.line + 1
    return line


def _kind(event: yaml.Event) -> str:
    """Name an event's kind for people."""
    if isinstance(event, yaml.MappingStartEvent):
        return "a mapping"
    if isinstance(event, yaml.SequenceStartEvent):
        return "a list"
    return f"only the text {event.value!r}" if isinstance(event, yaml.ScalarEvent) else "an alias"


def _broken(file: str, text: str, error: yaml.YAMLError) -> Problem:
    """Say where the YAML itself is broken, and what usually mends it."""
    mark = getattr(error, "problem_mark", None)
    what = str(getattr(error, "problem", None) or getattr(error, "reason", None) or error)
    if mark is None:
        return Problem(file, 1, "", f"not YAML: {what}")
    line = next(iter(text.splitlines()[mark.line :]), "")
    if "\t" in line[: mark.column + 1]:
        return Problem(file, mark.line + 1, "", "a tab where YAML wants spaces: indent with spaces")
    shown = f" near {line.strip()[:_SHOWN]!r}" if line.strip() else ""
    return Problem(file, mark.line + 1, "", f"not YAML: {what}{shown}: check colons, quotes and indentation")
