"""One YAML file: plain values, and the line of each. Nothing YAML 1.1 guesses is guessed here."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

import yaml

from accounts.problems import Problem

Path = tuple[str | int, ...]
"""Where a value stands in a file: keys and list positions from the top."""

_MAP, _SEQ, _STR, _BOOL, _NULL, _INT, _FLOAT = (
    f"tag:yaml.org,2002:{name}" for name in ("map", "seq", "str", "bool", "null", "int", "float")
)


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc] # the class depends on the build
    """libyaml's parser with a smaller set of guesses: `no`, 2026-11-21 and `<<` are text, as YAML 1.2 has it."""

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}


_Loader.add_implicit_resolver(_BOOL, re.compile(r"(true|false)$"), list("tf"))
_Loader.add_implicit_resolver(_NULL, re.compile(r"(~|null|)$"), ["~", "n", ""])
# A number of 19 digits or more is no quantity here: it stays text, and its type is refused with a clear message.
_Loader.add_implicit_resolver(_INT, re.compile(r"[-+]?[0-9]{1,18}$"), list("-+0123456789"))
_Loader.add_implicit_resolver(_FLOAT, re.compile(r"[-+]?[0-9]{1,18}\.[0-9]*$"), list("-+0123456789"))


@dataclass(frozen=True)
class Document:
    """A file's text and what it says."""

    file: str
    """Path relative to the accounts folder."""

    text: str
    """The text as it stands in the file."""

    values: dict[str, Any]
    """The values; empty if the file has problems."""

    def line(self, path: Path) -> tuple[int, int]:
        """Return how many steps of *path* exist in this file, and the line [from 1] of the last one that does."""
        node, line = _root(self.text), 1
        for depth, step in enumerate(path):
            found = _child(node, step)
            if found is None:
                return depth, line
            line, node = found
        return len(path), line

    def raw(self, path: Path) -> str | None:
        """Return the scalar at *path* as it is written, or None if it is no scalar."""
        node = _root(self.text)
        for step in path:
            found = _child(node, step)
            if found is None:
                return None
            node = found[1]
        return str(node.value) if isinstance(node, yaml.ScalarNode) else None


def parse(file: str, raw: bytes) -> tuple[Document, list[Problem]]:
    """Read one file; the second value says all that is wrong with it as YAML."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        bad = Problem(file, line, "", f"byte {error.start} is not UTF-8: save the file as UTF-8")
        return Document(file, "", {}), [bad]
    try:
        alias = _alias(text)
        if alias:
            return Document(file, "", {}), [
                Problem(file, alias, "", "YAML aliases are not read: write the value out, or use a profile")
            ]
        node = _compose(text)
    except yaml.YAMLError as error:
        return Document(file, "", {}), [_broken(file, text, error)]
    if not isinstance(node, yaml.MappingNode):
        what = "the file is empty" if node is None else f"the file holds {_kind(node)}"
        return Document(file, "", {}), [Problem(file, 1, "", f"{what}: write keys with values (key: value)")]
    problems: list[Problem] = []
    values = _Reader(file, problems).value(node, ())
    return Document(file, text, {} if problems else values), problems


def show_path(path: Path) -> str:
    """Write a path as people do: members.ana.persona, reads[1]."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def _compose(text: str) -> yaml.Node | None:
    """Return the file's tree of nodes, each with its line."""
    node: yaml.Node | None = yaml.compose(text, Loader=_Loader)
    return node


def _alias(text: str) -> int | None:
    """Return the line of the first alias; aliases could nest without end and would be a second way to merge."""
    if "*" not in text:
        return None
    events = yaml.parse(text, Loader=_Loader)
    return next((event.start_mark.line + 1 for event in events if isinstance(event, yaml.AliasEvent)), None)


@lru_cache(maxsize=64)
def _root(text: str) -> yaml.Node | None:
    """Parse again for a line: only done for a problem, so a good file never pays for keeping its tree."""
    return _compose(text) if text else None


def _child(node: yaml.Node | None, step: str | int) -> tuple[int, yaml.Node] | None:
    """Return the line and node one step below *node*, if it is there."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value == step:
                return key.start_mark.line + 1, value
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step].start_mark.line + 1, node.value[step]
    return None


@dataclass(frozen=True)
class _Reader:
    """Turns nodes into plain values; what is not plain becomes a problem."""

    file: str
    problems: list[Problem]

    def value(self, node: yaml.Node, path: Path) -> Any:  # noqa: ANN401 # any YAML value
        """Return the plain value of *node*."""
        if isinstance(node, yaml.MappingNode) and node.tag == _MAP:
            return {key: self.value(value, (*path, key)) for key, value in self.pairs(node, path)}
        if isinstance(node, yaml.SequenceNode) and node.tag == _SEQ:
            return [self.value(value, (*path, place)) for place, value in enumerate(node.value)]
        if isinstance(node, yaml.ScalarNode):
            return self.scalar(node, path)
        return self.refuse(node, path, f"the tag {node.tag} means nothing here: write the value without it")

    def scalar(self, node: yaml.ScalarNode, path: Path) -> Any:  # noqa: ANN401 # any YAML value
        """Return a text, number, true/false or nothing."""
        text: str = node.value
        if node.tag == _STR:
            return text
        if node.tag == _BOOL and text in {"true", "false"}:
            return text == "true"
        if node.tag == _NULL:
            return None
        if node.tag == _INT and re.fullmatch(r"[-+]?0[0-9]+", text):
            # YAML 1.1 programs read 012345670123 as octal 1402433619, YAML 1.2 ones drop the zero.
            return self.refuse(node, path, f"{text} starts with 0, which changes a number: quote it, '{text}'")
        if node.tag in {_INT, _FLOAT} and re.fullmatch(r"[-+]?[0-9]{1,18}(\.[0-9]*)?", text):
            return int(text) if node.tag == _INT else float(text)
        return self.refuse(node, path, f"the tag {node.tag} means nothing here: write the value without it")

    def pairs(self, node: yaml.MappingNode, path: Path) -> Iterator[tuple[str, yaml.Node]]:
        """Yield each key once; PyYAML by itself would let the last of two equal keys win."""
        first: dict[str, int] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self.refuse(key, path, f"a key is {_kind(key)}: write a name")
            elif key.value in first:
                also = f"the key stands twice, first in line {first[key.value]}: keep one of them"
                self.refuse(key, (*path, key.value), also)
            else:
                first[key.value] = key.start_mark.line + 1
                yield key.value, value

    def refuse(self, node: yaml.Node, path: Path, text: str) -> None:
        """Note a problem at *node*."""
        self.problems.append(Problem(self.file, node.start_mark.line + 1, show_path(path), text))


def _kind(node: yaml.Node) -> str:
    """Name a node's kind for people."""
    if isinstance(node, yaml.MappingNode):
        return "a mapping"
    return "a list" if isinstance(node, yaml.SequenceNode) else f"only the text {node.value!r}"


def _broken(file: str, text: str, error: yaml.YAMLError) -> Problem:
    """Say where the YAML itself is broken, and what usually mends it."""
    mark = getattr(error, "problem_mark", None)
    what = str(getattr(error, "problem", None) or getattr(error, "reason", None) or error)
    if mark is None:
        return Problem(file, 1, "", f"not YAML: {what}")
    line = text.splitlines()[mark.line] if mark.line < len(text.splitlines()) else ""
    if "\t" in line[: mark.column + 1]:
        return Problem(file, mark.line + 1, "", "a tab where YAML wants spaces: indent with spaces")
    shown = f" near {line.strip()!r}" if line.strip() else ""
    return Problem(file, mark.line + 1, "", f"not YAML: {what}{shown}: check colons, quotes and indentation")
